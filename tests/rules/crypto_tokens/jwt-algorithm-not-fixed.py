import jwt
from jose import jwt as jose_jwt


def claims(token, key):
    one = jwt.decode(token, key)  # finding
    two = jwt.decode(token, key, algorithms=[jwt.get_unverified_header(token)["alg"]])  # finding
    header = jwt.get_unverified_header(token)
    three = jwt.decode(token, key, algorithms=[header["alg"]])  # finding
    four = jose_jwt.decode(token, key, algorithms=None)  # finding
    five = jwt.decode(token, key, algorithms=[header.get("alg")])  # finding
    return one, two, three, four, five


def good_claims(token, keys, options):
    header = jwt.get_unverified_header(token)
    key = keys[header["kid"]]
    one = jwt.decode(token, key, algorithms=["RS256"])
    two = jwt.decode(token, key, ["HS256"])
    three = jwt.decode(token, key, **options)
    four = jose_jwt.decode(token, key, algorithms=["RS256"], audience="api")
    return one, two, three, four
