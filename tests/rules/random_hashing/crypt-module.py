import crypt
from crypt import mksalt

import argon2


def store(password):
    one = crypt.crypt(password, crypt.METHOD_MD5)  # finding
    two = crypt.crypt(password)  # finding
    return one, two, mksalt()  # finding


def store_well(password, crypto):
    one = argon2.PasswordHasher().hash(password)
    two = crypto.crypt(password)
    three = argon2.PasswordHasher().verify(one, password)
    return one, two, three
