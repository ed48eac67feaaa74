import os

from sqlalchemy import create_engine

ENGINE = create_engine("postgresql://app:N0tReal1@db.example.invalid:5432/app")  # finding
BROKER = "amqp://worker:n0tr3al@mq.example.invalid//"  # finding
HOOK = "https://robot:n0tr3al@git.example.invalid/repo.git"  # finding

PLACEHOLDER = "postgresql://user:password@db.example.invalid/app"
LOCAL = "redis://:devonly@localhost:6379/0"
TEMPLATE = "postgresql://{user}:{password}@{host}/app"
FROM_ENVIRONMENT = os.environ["DATABASE_URL"]
DOCUMENTATION = """
    engine = create_engine("postgresql://app:N0tReal1@db.example.invalid/app")
"""
PLAIN = "https://git.example.invalid:8443/repo@v1"


def url(user, password, host):
    return f"postgresql://{user}:{password}@{host}/app"
