from Crypto.Hash import SHA1, SHA256
from Crypto.Signature import pkcs1_15
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding


def sign(key, builder, data):
    one = key.sign(data, padding.PKCS1v15(), hashes.SHA1())  # finding
    two = key.sign(data, ec.ECDSA(hashes.SHA1()))  # finding
    three = builder.sign(key, hashes.MD5())  # finding
    four = builder.sign(private_key=key, algorithm=hashes.SHA1())  # finding
    five = pkcs1_15.new(key).sign(SHA1.new(data))  # finding
    return one, two, three, four, five


def sign_well(key, builder, data):
    one = key.sign(data, padding.PSS(mgf=padding.MGF1(hashes.SHA1()), salt_length=20), hashes.SHA256())
    two = key.sign(data, ec.ECDSA(hashes.SHA256()))
    three = builder.sign(key, hashes.SHA256())
    four = pkcs1_15.new(key).sign(SHA256.new(data))
    return one, two, three, four
