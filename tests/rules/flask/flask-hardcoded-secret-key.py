import os
import secrets

import pytest
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


@pytest.fixture
def client():
    app.config["SECRET_KEY"] = "test"
    return app.test_client()


def make_test_app():
    test_app = Flask(__name__)
    test_app.config["TESTING"] = True
    test_app.config["SECRET_KEY"] = "test"
    return test_app


app.secret_key = os.environ["SECRET_KEY"]
app.secret_key = ""
app.secret_key = "<the key of your deployment>"
app.config["SECRET_KEY"] = secrets.token_hex(32)
app.config.from_mapping(SECRET_KEY=os.environ["SECRET_KEY"])
app.config["SECRET_NAME"] = "blue"
