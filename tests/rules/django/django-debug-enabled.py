import os

SECRET_KEY = os.environ["SECRET_KEY"]

DEBUG = True  # finding
TEMPLATE_DEBUG = True
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
DEBUG = False

if os.environ.get("DEVELOPMENT"):
    DEBUG = True

INSTALLED_APPS = ["django.contrib.auth"]

DEBUG = True  # finding


def verbose():
    debug = True
    return debug
