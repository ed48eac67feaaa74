import base64
import hmac
import json
import pickle

import dill


def restore(data):
    return pickle.loads(data)  # finding


class Store:
    def read(self, blob, *, strict=True):
        first = dill.loads(blob)  # finding
        return first, strict, pickle.loads(base64.b64decode(blob))  # finding


def token(headers):
    raw = base64.b64decode(headers["token"])
    return pickle.loads(raw)  # finding


def copy(data):
    return pickle.loads(pickle.dumps(data))


def restore_json(data):
    return json.loads(data)


def restore_signed(data, mac, key):
    if not hmac.compare_digest(hmac.digest(key, data, "sha256"), mac):
        raise ValueError("bad MAC")
    return pickle.loads(data)


def restore_named(store, key):
    return pickle.loads(store.get(key))


def restore_own():
    data = pickle.dumps([1, 2])
    return pickle.loads(data)
