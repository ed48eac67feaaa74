from urllib.parse import quote, urlparse

import httpx
import requests
from openai import OpenAI

client = OpenAI()
HOSTS = {"api.example.com"}


def bad(messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    url = reply.choices[0].message.content.strip()
    one = requests.get(url, timeout=10)  # finding
    two = httpx.post(url, json={})  # finding
    return one, two, requests.get(f"https://{url}/", timeout=10)  # finding


def good(messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    word = reply.choices[0].message.content
    one = requests.get("https://api.example.com/search", params={"q": word}, timeout=10)
    two = requests.get(f"https://api.example.com/words/{quote(word, safe='')}", timeout=10)
    return one, two


def good_checked(messages):
    url = client.responses.create(model="m", input=messages).output_text
    if urlparse(url).hostname not in HOSTS:
        raise ValueError(url)
    return requests.get(url, timeout=10)
