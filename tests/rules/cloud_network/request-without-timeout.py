import httpx
import requests
from requests import get


def fetch(url):
    one = requests.get(url)  # finding
    two = requests.post(url, json={"a": 1})  # finding
    three = requests.get(url, timeout=None)  # finding
    four = httpx.get(url, timeout=None)  # finding
    return one, two, three, four, get(url)  # finding


def fetch_well(url, options):
    one = requests.get(url, timeout=10)
    two = httpx.get(url)
    three = requests.get(url, **options)
    four = requests.Session()
    return one, two, three, four
