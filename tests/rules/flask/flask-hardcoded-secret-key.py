import os
import secrets

from flask import Flask

app = Flask(__name__)
FIXED = "a-long-but-published-value"

app.secret_key = "dev"  # finding
app.secret_key = FIXED  # finding
app.config["SECRET_KEY"] = "s3cr3t"  # finding
app.config["JWT_SECRET_KEY"] = "jwt-s3cr3t"  # finding
app.config.update(DEBUG=False, SECRET_KEY="s3cr3t")  # finding


class Config:
    SECRET_KEY = "you-will-never-guess"  # finding
    SECRET_KEY_FILE = "/run/secrets/flask"


class EnvironmentConfig:
    SECRET_KEY = os.environ["SECRET_KEY"]


app.secret_key = os.environ["SECRET_KEY"]
app.secret_key = ""
app.config["SECRET_KEY"] = secrets.token_hex(32)
app.config.from_mapping(SECRET_KEY=os.environ["SECRET_KEY"])
app.config["SECRET_NAME"] = "blue"
