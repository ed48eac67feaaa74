import os

from Crypto.Cipher import AES
from Crypto.Random import get_random_bytes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FIXED_IV = b"0123456789abcdef"


def encrypt(key, data):
    one = AES.new(key, AES.MODE_CBC, b"0000000000000000")  # finding
    two = AES.new(key, AES.MODE_CBC, iv=FIXED_IV)  # finding
    three = AES.new(key, AES.MODE_CTR, nonce=b"12345678")  # finding
    four = Cipher(algorithms.AES(key), modes.CBC(b"\x00" * 16))  # finding
    five = Cipher(algorithms.AES(key), modes.GCM(bytes(12)))  # finding
    iv = b"a fixed iv value"
    six = AES.new(key, AES.MODE_CBC, iv)  # finding
    aead = AESGCM(key)
    seven = aead.encrypt(b"same nonce!!", data, None)  # finding
    eight = AESGCM(key).encrypt(b"same nonce!!", data, None)  # finding
    return one, two, three, four, five, six, seven, eight


def encrypt_well(key, data, stored):
    iv = os.urandom(16)
    one = AES.new(key, AES.MODE_CBC, iv)
    two = AES.new(key, AES.MODE_CBC, iv=get_random_bytes(16))
    three = Cipher(algorithms.AES(key), modes.CBC(stored[:16]))
    four = Cipher(algorithms.AES(key), modes.GCM(bytes(stored)))
    five = Cipher(algorithms.AES(key), modes.CTR(bytes(os.urandom(16))))
    aead = AESGCM(key)
    six = aead.encrypt(os.urandom(12), data, b"header")
    seven = AES.new(key, AES.MODE_GCM)
    return one, two, three, four, five, six, seven
