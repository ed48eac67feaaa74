from Crypto.Cipher import PKCS1_OAEP, PKCS1_v1_5
from Crypto.Hash import SHA256
from Crypto.Signature import pkcs1_15
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def encrypt(public_key, private_key, data):
    one = PKCS1_v1_5.new(public_key).encrypt(data)  # finding
    two = public_key.encrypt(data, padding.PKCS1v15())  # finding
    three = private_key.decrypt(data, padding.PKCS1v15())  # finding
    return one, two, three


def encrypt_well(public_key, private_key, data):
    one = PKCS1_OAEP.new(public_key, SHA256).encrypt(data)
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    two = public_key.encrypt(data, oaep)
    signature = private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    older = pkcs1_15.new(private_key).sign(SHA256.new(data))
    return one, two, signature, older
