import hashlib
from hashlib import md5

from Crypto.Hash import MD5


def store(user, password, form):
    one = hashlib.md5(password.encode()).hexdigest()  # finding
    two = md5(form["password"].encode("utf-8")).hexdigest()  # finding
    three = hashlib.sha1(user.password).hexdigest()  # finding
    four = hashlib.new("md5", password).hexdigest()  # finding
    five = MD5.new(password)  # finding
    six = hashlib.sha1((password + user.salt).encode()).hexdigest()  # finding
    digest = hashlib.md5()
    digest.update(password.encode())  # finding
    return one, two, three, four, five, six, digest


def store_well(hasher, password, content, url):
    one = hasher.hash(password)
    two = hashlib.md5(content, usedforsecurity=False).hexdigest()
    three = hashlib.scrypt(password.encode(), salt=content, n=2**15, r=8, p=1)
    four = hashlib.md5(url.encode()).hexdigest()
    five = hashlib.sha1(read_password_policy(url)).hexdigest()
    cache_key = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    return one, two, three, four, five, cache_key
