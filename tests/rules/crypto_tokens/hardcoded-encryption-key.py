import base64
import hashlib
import hmac
import os

from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import URLSafeTimedSerializer

KEY = b"EXAMPLE-KEY-ONLY"


def encrypt(nonce, data):
    one = AES.new(b"EXAMPLE-KEY-ONLY", AES.MODE_GCM, nonce=nonce)  # finding
    two = AES.new(KEY, AES.MODE_GCM, nonce=nonce)  # finding
    three = Fernet(b"RVhBTVBMRS1LRVktT05MWS1FWEFNUExFLUtFWS1PTkw=")  # finding
    four = Fernet(base64.urlsafe_b64encode(b"EXAMPLE-KEY-ONLYEXAMPLE-KEY-ONLY"))  # finding
    five = Cipher(algorithms.AES(KEY), modes.GCM(nonce))  # finding
    six = AESGCM(hashlib.sha256(b"example passphrase").digest())  # finding
    seven = hmac.new(b"example mac key", data, hashlib.sha256)  # finding
    key = "example key text".encode("utf-8")
    eight = AES.new(key, AES.MODE_GCM)  # finding
    nine = URLSafeTimedSerializer("example signing key")  # finding
    return one, two, three, four, five, six, seven, eight, nine


def encrypt_well(config, nonce, data):
    one = AES.new(os.environ["DATA_KEY"].encode(), AES.MODE_GCM, nonce=nonce)
    two = Fernet(Fernet.generate_key())
    three = Fernet(config["key"])
    four = AESGCM(AESGCM.generate_key(bit_length=256))
    five = hmac.new(config["mac"], b"a constant message", hashlib.sha256)
    six = hmac.new(b"", data, hashlib.sha256)
    key = os.urandom(32)
    seven = AES.new(key, AES.MODE_GCM)
    eight = URLSafeTimedSerializer(config["key"], salt="reset")
    return one, two, three, four, five, six, seven, eight
