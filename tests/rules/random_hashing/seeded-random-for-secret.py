import random
import secrets
import time


def generate_token():
    random.seed(time.time())  # finding
    return random.getrandbits(128)


def make_session_id(user):
    generator = random.Random(user.id)  # finding
    return generator.getrandbits(128)


def shuffle_rows(rows):
    random.seed(42)
    random.shuffle(rows)
    return rows


def new_token():
    return secrets.token_hex(16)


def sample_tokens(vocabulary):
    generator = random.Random(0)
    return generator.sample(vocabulary, 10)
