import hashlib

from Crypto.Protocol.KDF import PBKDF2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from passlib.hash import pbkdf2_sha256

ROUNDS = 1000
GOOD_ROUNDS = 600_000


def derive(password, salt):
    one = hashlib.pbkdf2_hmac("sha256", password, salt, 1000)  # finding
    two = hashlib.pbkdf2_hmac("sha256", password, salt, iterations=ROUNDS)  # finding
    three = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=10_000)  # finding
    four = PBKDF2(password, salt, dkLen=32)  # finding
    five = PBKDF2(password, salt, 32, count=5000)  # finding
    six = pbkdf2_sha256.using(rounds=8000).hash(password)  # finding
    return one, two, three, four, five, six


def derive_well(password, salt, rounds, options):
    one = hashlib.pbkdf2_hmac("sha256", password, salt, GOOD_ROUNDS)
    two = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=480000)
    three = PBKDF2(password, salt, 32, count=1_000_000)
    four = PBKDF2(password, salt, 32, rounds)
    five = hashlib.pbkdf2_hmac("sha512", password, salt, rounds)
    six = PBKDF2(password, salt, **options)
    return one, two, three, four, five, six
