import base64
import hmac
import json
import pickle
import urllib.request

import jsonpickle
import pandas as pd
import requests
from flask import request


def state():
    one = pickle.loads(base64.b64decode(request.cookies["state"]))  # finding
    body = request.get_data()
    two = pickle.loads(body)  # finding
    three = jsonpickle.decode(request.form["object"])  # finding
    return one, two, three


def fetch(url, connection):
    one = pickle.loads(requests.get(url, timeout=5).content)  # finding
    with urllib.request.urlopen(url) as answer:
        two = pickle.load(answer)  # finding
    data = connection.recv(4096)
    three = pickle.loads(data)  # finding
    return one, two, three, pd.read_pickle(request.files["frame"])  # finding


def state_well(path, key):
    one = json.loads(base64.b64decode(request.cookies["state"]))
    with open(path, "rb") as cache:
        two = pickle.load(cache)
    body = request.get_data()
    mac = hmac.digest(key, body, "sha256")
    if not hmac.compare_digest(mac, base64.b64decode(request.headers["X-Mac"])):
        raise PermissionError
    three = pickle.loads(body)
    four = pickle.loads(pickle.dumps({"a": 1}))
    return one, two, three, four
