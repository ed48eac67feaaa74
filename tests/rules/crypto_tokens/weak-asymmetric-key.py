import paramiko
import rsa as python_rsa
from Crypto.PublicKey import DSA, RSA
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

SMALL = 1024
LARGE = 4096


def keys():
    one = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # finding
    two = rsa.generate_private_key(65537, SMALL)  # finding
    three = dsa.generate_private_key(key_size=1024)  # finding
    four = RSA.generate(1024)  # finding
    five = DSA.generate(bits=1024)  # finding
    six = python_rsa.newkeys(512)  # finding
    seven = paramiko.RSAKey.generate(bits=1024)  # finding
    return one, two, three, four, five, six, seven


def key_of(bits=1024):
    return RSA.generate(bits)  # finding


def good_key_of(bits=3072):
    return RSA.generate(bits)


def good_keys(bits):
    one = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    two = rsa.generate_private_key(65537, LARGE)
    three = RSA.generate(3072)
    four = RSA.generate(bits)
    five = ec.generate_private_key(ec.SECP256R1())
    six = paramiko.RSAKey.generate(4096)
    return one, two, three, four, five, six
