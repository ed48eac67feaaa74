from passlib.context import CryptContext
from passlib.hash import argon2, ldap_md5, md5_crypt
from werkzeug.security import generate_password_hash

BAD_CONTEXT = CryptContext(schemes=["md5_crypt"])  # finding
GOOD_CONTEXT = CryptContext(schemes=["argon2", "md5_crypt"], deprecated="auto")


def store(password):
    one = md5_crypt.hash(password)  # finding
    two = ldap_md5.hash(password)  # finding
    three = generate_password_hash(password, method="sha256")  # finding
    return one, two, three


def store_well(password, stored):
    one = argon2.hash(password)
    two = md5_crypt.verify(password, stored)
    three = generate_password_hash(password)
    four = generate_password_hash(password, method="pbkdf2:sha256")
    return one, two, three, four
