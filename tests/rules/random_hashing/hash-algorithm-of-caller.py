import hashlib
import hmac


def digest(name, data):
    if name not in hashlib.algorithms_available:
        raise ValueError(name)
    return hashlib.new(name, data).hexdigest()  # finding


def mac(key, data, algorithm):
    if algorithm in hashlib.algorithms_guaranteed:
        return hmac.new(key, data, algorithm).digest()  # finding
    raise ValueError(algorithm)


def good_digest(name, data):
    if name not in {"sha256", "sha512"}:
        raise ValueError(name)
    return hashlib.new(name, data).hexdigest()


def good_mac(key, data, algorithm):
    if algorithm not in hashlib.algorithms_available:
        raise ValueError(algorithm)
    if algorithm not in ("sha256", "sha512"):
        raise ValueError(algorithm)
    return hmac.new(key, data, algorithm).digest()


def fixed_digest(data):
    name = "sha256"
    if name not in hashlib.algorithms_available:
        raise ValueError(name)
    return hashlib.new(name, data)
