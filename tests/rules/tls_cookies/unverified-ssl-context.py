import ssl
from urllib.request import urlopen


def fetch(url):
    ssl._create_default_https_context = ssl._create_unverified_context  # finding
    return urlopen(url, context=ssl._create_unverified_context())  # finding


def fetch_well(url):
    context = ssl.create_default_context()
    ssl._create_default_https_context = ssl.create_default_context
    return urlopen(url, context=context)
