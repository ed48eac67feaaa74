import hashlib
from hashlib import sha1

from Crypto.Hash import MD5
from cryptography.hazmat.primitives import hashes


def digests(data):
    one = hashlib.md5(data).hexdigest()  # finding
    two = sha1(data).hexdigest()  # finding
    three = hashlib.new("md5")  # finding
    four = MD5.new(data)  # finding
    five = hashes.Hash(hashes.SHA1())  # finding
    six = hashlib.new("SHA1", data)  # finding
    return one, two, three, four, five, six


def good_digests(data, name):
    one = hashlib.md5(data, usedforsecurity=False).hexdigest()
    two = hashlib.sha256(data).hexdigest()
    three = hashlib.new("sha256", data)
    four = hashlib.new("md5", data, usedforsecurity=False)
    five = hashlib.new(name, data)
    six = hashes.Hash(hashes.SHA256())
    return one, two, three, four, five, six
