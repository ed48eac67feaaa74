from Crypto.Cipher import AES
from Cryptodome.Cipher import AES as CryptodomeAES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.modes import ECB


def encrypt(key, data):
    one = AES.new(key, AES.MODE_ECB).encrypt(data)  # finding
    two = AES.new(key=key, mode=AES.MODE_ECB).encrypt(data)  # finding
    three = CryptodomeAES.new(key, CryptodomeAES.MODE_ECB).encrypt(data)  # finding
    four = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # finding
    return one, two, three, four, Cipher(algorithms.AES(key), ECB())  # finding


def encrypt_well(key, nonce, data):
    one = AES.new(key, AES.MODE_GCM, nonce=nonce).encrypt(data)
    two = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    refused = {AES.MODE_ECB}
    return one, two, refused
