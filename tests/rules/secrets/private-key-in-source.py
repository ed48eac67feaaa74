from pathlib import Path

KEY = "-----BEGIN RSA PRIVATE KEY-----\nEXAMPLEONLYEXAMPLEONLYEXAMPLEONLYEXAMPLEONLY\n-----END RSA PRIVATE KEY-----"  # finding
SSH = b"-----BEGIN OPENSSH PRIVATE KEY-----\nEXAMPLEONLYEXAMPLEONLYEXAMPLEONLYEXAMPLEONLY\n"  # finding
PARTS = "-----BEGIN PRIVATE KEY-----\n" + "EXAMPLEONLYEXAMPLEONLYEXAMPLEONLYEXAMPLEONLY\n"  # finding

PUBLIC = "-----BEGIN PUBLIC KEY-----\nEXAMPLEONLYEXAMPLEONLYEXAMPLEONLYEXAMPLEONLY\n-----END PUBLIC KEY-----"


def is_private(text):
    return text.startswith("-----BEGIN PRIVATE KEY-----")


def load(path):
    return Path(path).read_bytes().replace(b"-----BEGIN RSA PRIVATE KEY-----", b"")
