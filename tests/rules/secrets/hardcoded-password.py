import os

DB_PASSWORD = "N0tARealPassw0rd!"  # finding
API_KEY: str = "notreal-4f9d8a7b6c5e"  # finding
CONFIG = {"user": "app", "password": "N0tReal#1"}  # finding
NESTED = {
    "database": {
        "db_password": "N0tReal#1",  # finding
    },
}
DOCUMENTATION = """Send {"password": "N0tReal#1"} to log in."""
admin_password = "admin123"  # finding


class Client:
    secret_key = b"not-real-but-12-long"  # finding

    def __init__(self, password, config):
        self.password = "N0tARealPassw0rd!"  # finding
        config["client_secret"] = "n0tr3al-n0tr3al"  # finding
        self.api_key = password


PASSWORD = os.environ["DB_PASSWORD"]
API_TOKEN = os.getenv("API_TOKEN")
PASSWORD_FIELD = "password1"
SECRET_KEY = "your-secret-key-1"
password = "<password1>"
api_key = "${API_KEY_1}"
private_key = "/etc/keys/server1.pem"
password_url = "https://example.invalid/reset?step=1"
secret = "app.settings.secret1"
new_password = "password2"
KEYS = {"password": "string", "api_key": "xxxx-1234"}
