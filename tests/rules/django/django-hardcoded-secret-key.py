import os
from pathlib import Path

SECRET_KEY = "django-insecure-1p9$k2-example-of-a-key"  # finding
SECRET_KEY = "f3b0c442-example-of-another-key"  # finding

SECRET_KEY = ""
SECRET_KEY = "{{ secret_key }}"
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
SECRET_KEY = Path("/run/secrets/django").read_text()
SECRET_KEY_FALLBACKS = []
CACHE_KEY = "site"

INSTALLED_APPS = ["django.contrib.auth"]

SECRET_KEY = "f3b0c442-example-of-another-key"  # finding


class Cipher:
    def __init__(self, key):
        self.SECRET_KEY = key
