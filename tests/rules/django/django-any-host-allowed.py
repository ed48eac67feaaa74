import os

DEBUG = os.environ.get("DJANGO_DEBUG") == "1"

ALLOWED_HOSTS = ["*"]  # finding
ALLOWED_HOSTS = ["www.example.com", "*"]  # finding
ALLOWED_HOSTS += ["*"]  # finding

ALLOWED_HOSTS = []
ALLOWED_HOSTS = ["www.example.com", ".example.org"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
ALLOWED_METHODS = ["*"]
if DEBUG:
    ALLOWED_HOSTS = ["*"]
