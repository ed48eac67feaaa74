import hashlib
import secrets


def issue(user, now, session):
    token = hashlib.md5(f"{user.id}{now}".encode()).hexdigest()  # finding
    session.signature = hashlib.sha1(user.body).hexdigest()  # finding
    reset_token = hashlib.new("md5", user.email).hexdigest()  # finding
    return token, reset_token


def generate_api_key(user):
    return hashlib.md5(user.email.encode()).hexdigest()  # finding


def issue_well(user, content):
    token = secrets.token_urlsafe(32)
    etag = hashlib.md5(content).hexdigest()
    signature = hashlib.sha256(content).hexdigest()
    tokens = hashlib.md5(content).hexdigest()
    cache_token = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return token, etag, signature, tokens, cache_token, user


def file_checksum(content):
    return hashlib.md5(content).hexdigest()
