import httpx
import requests


def call(user, password, token, session):
    one = requests.get("http://api.example.invalid/me", auth=(user, password), timeout=5)  # finding
    two = requests.post("http://api.example.invalid/login", json={"user": user, "password": password})  # finding
    three = httpx.get("http://api.example.invalid/me", headers={"Authorization": f"Bearer {token}"})  # finding
    four = session.post("http://api.example.invalid/login", data={"password": password})  # finding
    return one, two, three, four


def call_well(user, password, token):
    one = requests.get("https://api.example.invalid/me", auth=(user, password), timeout=5)
    two = requests.post("http://localhost:8000/login", json={"user": user, "password": password})
    three = httpx.get("http://api.example.invalid/status", headers={"Accept": "text/plain"})
    four = requests.get("http://127.0.0.1:9200/", auth=(user, password))
    return one, two, three, four, token
