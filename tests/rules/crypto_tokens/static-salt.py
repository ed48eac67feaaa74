import hashlib
import os

import bcrypt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

SALT = b"one salt for all"


def derive(password):
    one = hashlib.pbkdf2_hmac("sha256", password, b"salt", 600_000)  # finding
    two = hashlib.scrypt(password, salt=SALT, n=2**15, r=8, p=1)  # finding
    three = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=b"", iterations=600_000)  # finding
    salt = "pepper".encode()
    four = hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)  # finding
    five = bcrypt.hashpw(password, b"$2b$12$EXAMPLEEXAMPLEEXAMPLEE")  # finding
    return one, two, three, four, five


def derive_well(password, row):
    salt = os.urandom(16)
    one = hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)
    two = hashlib.scrypt(password, salt=row["salt"], n=2**15, r=8, p=1)
    three = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"protocol", info=b"key")
    four = bcrypt.hashpw(password, bcrypt.gensalt())
    return one, two, three, four
