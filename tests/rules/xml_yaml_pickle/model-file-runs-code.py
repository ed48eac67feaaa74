import keras
import pandas as pd
import tensorflow as tf


def read(path):
    keras.config.enable_unsafe_deserialization()  # finding
    one = keras.models.load_model(path, safe_mode=False)  # finding
    two = tf.keras.models.load_model(path, safe_mode=False)  # finding
    three = pd.read_pickle("https://data.example.invalid/frame.pkl")  # finding
    return one, two, three


def read_well(path):
    one = keras.models.load_model(path)
    two = tf.keras.models.load_model(path, safe_mode=True)
    three = pd.read_pickle("cache/frame.pkl")
    four = pd.read_parquet("https://data.example.invalid/frame.parquet")
    return one, two, three, four
