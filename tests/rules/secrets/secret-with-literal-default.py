import os

SECRET_KEY = os.environ.get("SECRET_KEY", "dev-key")  # finding
PASSWORD = os.getenv("DB_PASSWORD", "postgres")  # finding
TOKEN = os.getenv("API_TOKEN") or "not-a-real-token"  # finding

GOOD_KEY = os.environ["SECRET_KEY"]
OPTIONAL = os.getenv("API_TOKEN", "")
HOST = os.environ.get("DB_HOST", "localhost")
MISSING = os.getenv("DB_PASSWORD")
PATH = os.getenv("SECRET_KEY_FILE", "/run/secrets/key")
