import jwt
from jose import jwt as jose_jwt


def claims(token, key):
    one = jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})  # finding
    two = jose_jwt.decode(token, key, algorithms=["HS256"], options={"verify_aud": True, "verify_exp": False})  # finding
    three = jwt.decode(token, key, algorithms=["HS256"], verify_expiration=False)  # finding
    return one, two, three


def good_claims(token, key):
    one = jwt.decode(token, key, algorithms=["HS256"])
    two = jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": True})
    three = jwt.decode(token, key, algorithms=["HS256"], leeway=30, options={"verify_aud": False})
    return one, two, three
