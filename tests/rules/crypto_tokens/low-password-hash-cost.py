import hashlib

import argon2
import bcrypt
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from passlib.hash import bcrypt as passlib_bcrypt


def derive(password, salt):
    one = hashlib.scrypt(password, salt=salt, n=1024, r=8, p=1)  # finding
    two = Scrypt(salt=salt, length=32, n=2**10, r=8, p=1)  # finding
    three = bcrypt.hashpw(password, bcrypt.gensalt(4))  # finding
    four = bcrypt.gensalt(rounds=5)  # finding
    five = argon2.PasswordHasher(time_cost=1, memory_cost=512)  # finding
    six = passlib_bcrypt.using(rounds=4).hash(password)  # finding
    return one, two, three, four, five, six


def derive_well(password, salt, cost):
    one = hashlib.scrypt(password, salt=salt, n=2**15, r=8, p=1)
    two = Scrypt(salt=salt, length=32, n=16384, r=8, p=1)
    three = bcrypt.hashpw(password, bcrypt.gensalt())
    four = bcrypt.gensalt(rounds=12)
    five = argon2.PasswordHasher()
    six = bcrypt.gensalt(cost)
    return one, two, three, four, five, six
