import json


def policies(bucket, account):
    one = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": bucket}  # finding
    two = {"Sid": "all", "Action": "*", "Resource": "*", "Effect": "Allow"}  # finding
    three = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sqs:*"}]})  # finding
    return one, two, three, account


def good_policies(bucket, account):
    one = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "s3:GetObject", "Resource": bucket}
    two = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    three = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Condition": condition}
    four = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}
    return one, two, three, four
