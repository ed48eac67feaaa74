import requests

TOKEN = "eyJFWEFNUExFIjoxfQ.eyJFWEFNUExFIjoxfQ.EXAMPLE-not-a-real-signature"  # finding
HEADERS = {"Authorization": "Bearer eyJFWEFNUExFIjoxfQ.eyJFWEFNUExFIjoxfQ.EXAMPLE-not-a-real-signature"}  # finding

PREFIX = "eyJ"
TEMPLATE = "Bearer {token}"
UNSIGNED = "eyJFWEFNUExFIjoxfQ.eyJFWEFNUExFIjoxfQ."


def fetch(url, token):
    return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=5)
