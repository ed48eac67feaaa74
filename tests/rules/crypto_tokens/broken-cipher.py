import pyDes
from Crypto.Cipher import AES, ARC4, DES, DES3, Blowfish
from Cryptodome.Cipher import ARC2 as OldCipher
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES


def encrypt(key, iv, data):
    first = DES.new(key, DES.MODE_CBC, iv).encrypt(data)  # finding
    second = ARC4.new(key).encrypt(first)  # finding
    third = DES3.new(key, DES3.MODE_EAX).encrypt(second)  # finding
    fourth = Blowfish.new(key, Blowfish.MODE_CBC).encrypt(third)  # finding
    fifth = OldCipher.new(key, OldCipher.MODE_CFB).encrypt(fourth)  # finding
    sixth = pyDes.triple_des(key).encrypt(fifth)  # finding
    cipher = Cipher(algorithms.ARC4(key), mode=None)  # finding
    return Cipher(TripleDES(key), modes.CBC(iv)), cipher, sixth  # finding


def encrypt_well(key, nonce, data):
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    other = Cipher(algorithms.AES(key), modes.GCM(nonce))
    third = Cipher(algorithms.ChaCha20(key, nonce), mode=None)
    size = DES3.block_size
    return cipher.encrypt(data), other, third, size
