import os
import secrets


def issue(user):
    token = secrets.token_hex(4)  # finding
    user.api_key = secrets.token_urlsafe(8)  # finding
    key = os.urandom(8)  # finding
    return token, key


def issue_well(user, size):
    token = secrets.token_hex(32)
    user.api_key = secrets.token_urlsafe()
    key = os.urandom(32)
    suffix = secrets.token_hex(4)
    secret = secrets.token_bytes(size)
    return token, key, suffix, secret
