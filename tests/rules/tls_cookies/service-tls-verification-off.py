import ldap
import psycopg2
import pymongo
import redis
from elasticsearch import Elasticsearch
from pymongo import MongoClient


def connect(host, address):
    one = MongoClient(address, tls=True, tlsAllowInvalidCertificates=True)  # finding
    two = redis.Redis(host=host, ssl=True, ssl_cert_reqs=None)  # finding
    three = Elasticsearch(address, verify_certs=False)  # finding
    four = psycopg2.connect(host=host, sslmode="disable")  # finding
    ldap.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_NEVER)  # finding
    return one, two, three, four


def connect_well(host, address, choice):
    one = pymongo.MongoClient(address, tls=True, tlsCAFile="ca.pem")
    two = redis.Redis(host=host, ssl=True, ssl_ca_certs="ca.pem")
    three = Elasticsearch(address, verify_certs=choice)
    four = psycopg2.connect(host=host, sslmode="verify-full")
    ldap.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    return one, two, three, four
