import os

import requests


def alert(text):
    url = "https://hooks.slack.com/services/TEXAMPLE0/BEXAMPLE0/notarealwebhookxy"  # finding
    requests.post(url, json={"text": text}, timeout=5)
    requests.post("https://discord.com/api/webhooks/100000000000000/not-a-real-webhook-token-not-real", timeout=5)  # finding


def alert_well(text):
    requests.post(os.environ["ALERT_WEBHOOK"], json={"text": text}, timeout=5)
    documented = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
    template = f"https://hooks.slack.com/services/{text}"
    page = "https://discord.com/developers/docs/resources/webhook"
    return documented, template, page
