import os

import psycopg2
import pymysql
import requests
from requests.auth import HTTPBasicAuth


def connect(host):
    one = psycopg2.connect(host=host, user="app", password="letmein")  # finding
    two = requests.get(host, auth=("admin", "hunter2"), timeout=5)  # finding
    three = host.login(user="app", password="N0tReal#1")  # finding
    four = requests.get(host, auth=HTTPBasicAuth("admin", "letmein"), timeout=5)  # finding
    five = pymysql.connect("db.example.invalid", "root", "root", "app")  # finding
    return one, two, three, four, five


def client(host, api_key="notreal-4f9d8a7b6c5e"):  # finding
    return host, api_key


def connect_well(host, user, password, field):
    one = psycopg2.connect(host=host, user=user, password=password)
    two = requests.get(host, auth=(user, os.environ["API_PASSWORD"]), timeout=5)
    three = field(password="string", secret="your-secret-1")
    four = psycopg2.connect(host=host, user=user, password="")
    five = field(password=f"{password}1")
    return one, two, three, four, five


def good_client(host, password=None, api_key=""):
    return host, password, api_key
