import random
import secrets
import string
from random import choice, randint

LETTERS = string.ascii_letters + string.digits


def generate_password(length):
    return "".join(random.choice(LETTERS) for _ in range(length))  # finding


def reset(user, session):
    user.otp = random.randint(100000, 999999)  # finding
    session["session_id"] = str(random.getrandbits(128))  # finding
    reset_token = "".join(random.choices(LETTERS, k=32))  # finding
    salt = bytes(random.randrange(256) for _ in range(16))  # finding
    api_key = choice(LETTERS) + str(randint(0, 9))  # finding
    reply = {"token": random.random()}  # finding
    return reset_token, salt, api_key, reply, user.save(session_id=random.getrandbits(64))  # finding


def create_reset_code(length):
    digits = random.choices(string.digits, k=length)  # finding
    return "".join(digits)


def generate_primary_key(rows):
    return random.choice(rows)


def generate_token(length):
    generator = random.SystemRandom()
    return "".join(generator.choice(LETTERS) for _ in range(length))


def reset_well(user, vocabulary):
    user.otp = secrets.randbelow(900000) + 100000
    token = secrets.token_urlsafe(32)
    password = "".join(secrets.choice(LETTERS) for _ in range(16))
    tokens = random.sample(vocabulary, 5)
    delay = random.uniform(0.5, 1.5)
    colour = random.choice(["red", "green"])
    otp = random.SystemRandom().randint(100000, 999999)
    return token, password, tokens, delay, colour, otp
