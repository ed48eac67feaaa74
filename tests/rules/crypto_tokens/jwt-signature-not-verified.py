import jwt
from jose import jwt as jose_jwt


def claims(token, key):
    one = jwt.decode(token, options={"verify_signature": False})  # finding
    two = jwt.decode(token, key, algorithms=["HS256"], options={"verify_aud": True, "verify_signature": False})  # finding
    three = jwt.decode(token, verify=False)  # finding
    four = jwt.decode(token, key, False)  # finding
    five = jose_jwt.decode(token, key, options={"verify_signature": False})  # finding
    options = {"verify_signature": False}
    six = jwt.decode(token, key, options=options)  # finding
    return one, two, three, four, five, six


def good_claims(token, key, strict):
    one = jwt.decode(token, key, algorithms=["HS256"])
    two = jwt.decode(token, key, algorithms=["HS256"], options={"verify_signature": True, "verify_aud": False})
    three = jose_jwt.decode(token, key, algorithms=["RS256"], options={"require_exp": True})
    four = jwt.decode(token, key, algorithms=["HS256"], options={"verify_signature": strict})
    options = {"verify_signature": True}
    five = jwt.decode(token, key, algorithms=["HS256"], options=options)
    return one, two, three, four, five
