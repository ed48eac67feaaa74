import base64
import hashlib

from Crypto.Cipher import AES
from cryptography.fernet import Fernet


def ciphers(password, passphrase, nonce):
    one = AES.new(hashlib.sha256(password.encode()).digest(), AES.MODE_GCM, nonce=nonce)  # finding
    two = Fernet(base64.urlsafe_b64encode(hashlib.sha256(passphrase.encode("utf-8")).digest()))  # finding
    key = hashlib.md5(password).digest()
    three = AES.new(key, AES.MODE_GCM, nonce=nonce)  # finding
    return one, two, three


def good_ciphers(password, shared_point, salt, nonce):
    key = hashlib.scrypt(password.encode(), salt=salt, n=2**15, r=8, p=1, dklen=32)
    one = AES.new(key, AES.MODE_GCM, nonce=nonce)
    two = AES.new(hashlib.sha256(shared_point).digest(), AES.MODE_GCM, nonce=nonce)
    three = Fernet(Fernet.generate_key())
    return one, two, three
