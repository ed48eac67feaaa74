import datetime

import jwt
from jose import jwt as jose_jwt


def tokens(user, key):
    one = jwt.encode({"sub": user.id}, key, algorithm="HS256")  # finding
    two = jwt.encode({"sub": user.id, "iat": datetime.datetime.now(datetime.timezone.utc)}, key)  # finding
    three = jose_jwt.encode({"sub": user.id}, key, algorithm="HS256")  # finding
    return one, two, three


def good_tokens(user, key, claims):
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=15)
    one = jwt.encode({"sub": user.id, "exp": soon}, key, algorithm="HS256")
    two = jwt.encode({"exp": soon, **claims}, key, algorithm="HS256")
    three = jwt.encode({"sub": user.id, **claims}, key, algorithm="HS256")
    four = jwt.encode(claims, key, algorithm="HS256")
    return one, two, three, four
