import jwt
from jose import jwt as jose_jwt


def tokens(token, key, claims):
    one = jwt.decode(token, key, algorithms=["HS256", "none"])  # finding
    two = jwt.decode(token, key, ["None"])  # finding
    three = jwt.encode(claims, None, algorithm="none")  # finding
    four = jwt.encode(claims, key, "none")  # finding
    five = jwt.encode(claims, None, algorithm=None)  # finding
    return one, two, three, four, five, jose_jwt.decode(token, key, algorithms=["none"])  # finding


def good_tokens(token, key, claims, header):
    if header["alg"] == "none":
        raise ValueError("unsigned token")
    one = jwt.decode(token, key, algorithms=["HS256"])
    two = jwt.encode(claims, key, algorithm="HS256")
    three = jwt.encode(claims, key)
    return one, two, three
