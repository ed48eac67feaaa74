import os

import jwt
from jose import jwt as jose_jwt

SECRET = "example-signing-key"
PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nEXAMPLE\n-----END PUBLIC KEY-----"
JWT_KEY = os.environ["JWT_KEY"]


def tokens(token, claims):
    one = jwt.encode(claims, "example-signing-key", algorithm="HS256")  # finding
    two = jwt.decode(token, SECRET, algorithms=["HS256"])  # finding
    three = jwt.encode(claims, key="example-signing-key")  # finding
    four = jose_jwt.encode(claims, SECRET, algorithm="HS256")  # finding
    return one, two, three, four


def good_tokens(token, claims, config):
    one = jwt.encode(claims, JWT_KEY, algorithm="HS256")
    two = jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"])
    three = jwt.decode(token, config["key"], algorithms=["HS256"])
    four = jwt.decode(token, "", options={"verify_signature": False})
    five = jwt.encode(claims, os.getenv("JWT_KEY"), algorithm="HS256")
    return one, two, three, four, five
