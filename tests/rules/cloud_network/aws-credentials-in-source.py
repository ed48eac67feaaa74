import os

import boto3

SECRET = "EXAMPLE/NOT/A/REAL/SECRET"


def clients(session):
    one = boto3.client("s3", aws_access_key_id="AKEXAMPLE", aws_secret_access_key="EXAMPLE/NOT/A/REAL/SECRET")  # finding
    two = boto3.Session(aws_secret_access_key=SECRET)  # finding
    three = session.client("sqs", aws_secret_access_key="EXAMPLE/NOT/A/REAL/SECRET")  # finding
    return one, two, three


def good_clients(config):
    one = boto3.client("s3")
    two = boto3.client("s3", aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"])
    three = boto3.client("s3", endpoint_url="http://localhost:4566", aws_secret_access_key="testing")
    four = boto3.Session(aws_secret_access_key=config.secret, profile_name="deploy")
    return one, two, three, four
