import base64
import hashlib
from hashlib import sha512

import bcrypt


def store(password, salt, form):
    one = hashlib.sha256(password.encode()).hexdigest()  # finding
    two = sha512(form.password.encode("utf-8")).hexdigest()  # finding
    three = hashlib.sha256(salt + password.encode()).hexdigest()  # finding
    return one, two, three


def store_well(password, salt, document):
    one = hashlib.scrypt(password.encode(), salt=salt, n=2**15, r=8, p=1)
    two = bcrypt.hashpw(base64.b64encode(hashlib.sha256(password.encode()).digest()), bcrypt.gensalt())
    three = hashlib.sha256(document).hexdigest()
    four = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)
    return one, two, three, four
