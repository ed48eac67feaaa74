import ecdsa
from cryptography.hazmat.primitives.asymmetric import ec
from ecdsa import NIST192p, SigningKey


def keys(backend):
    one = ec.generate_private_key(ec.SECP192R1())  # finding
    two = ec.generate_private_key(ec.SECT163K1(), backend)  # finding
    three = SigningKey.generate(curve=NIST192p)  # finding
    four = SigningKey.generate()  # finding
    five = ecdsa.SigningKey.generate(curve=ecdsa.SECP160r1)  # finding
    return one, two, three, four, five


def good_keys(curve):
    one = ec.generate_private_key(ec.SECP256R1())
    two = ec.generate_private_key(curve)
    three = SigningKey.generate(curve=ecdsa.NIST256p)
    known = {"secp192r1": ec.SECP192R1}
    return one, two, three, known
