import os

SECRET_KEY = os.environ.get("SECRET_KEY", "dev-key")  # finding
JWT = os.getenv("JWT_SECRET", "change-me")  # finding
FALLBACK = os.environ.get("APP_SECRET_KEY") or "change-me"  # finding
SIGNING = os.getenv("DJANGO_SECRET_KEY") or "insecure"  # finding

FIRM = os.environ["SECRET_KEY"]
EMPTY = os.environ.get("SECRET_KEY", "")
CHECKED = os.environ.get("SECRET_KEY")
NAME = os.environ.get("APP_NAME", "demo")
FOLDER = os.getenv("SECRET_KEY_FILE", "/run/secrets/key")
