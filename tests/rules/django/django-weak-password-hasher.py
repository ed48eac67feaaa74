import os

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # finding
# finding
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_HASHERS = ("django.contrib.auth.hashers.SHA1PasswordHasher",)  # finding

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]
FILE_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if os.environ.get("TESTING"):
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
