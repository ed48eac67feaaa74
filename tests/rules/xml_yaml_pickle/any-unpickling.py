import json
import pickle
import shelve

import joblib
import pandas


def read(path, stream, text):
    one = pickle.load(stream)  # finding
    two = joblib.load(path)  # finding
    three = shelve.open(path)  # finding
    four = pandas.read_pickle(path)  # finding
    return one, two, three, four, pickle.loads(text)  # finding


def read_well(path, stream, model):
    one = json.load(stream)
    two = pandas.read_parquet(path)
    three = pickle.dumps(model)
    joblib.dump(model, path)
    return one, two, three
