import os


def connect(client):
    password = "letmein"  # finding
    client.secret = "swordfish"  # finding
    return client.login(password="opensesame"), password  # finding


def connect_well(client, given):
    password = os.environ["APP_PASSWORD"]
    password_label = "letmein"
    secret = "secret"
    client.api_key = "your-api-key"
    return client.login(password=given), password, password_label, secret
