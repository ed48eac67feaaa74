import boto3


def clients(session):
    one = boto3.client("s3", verify=False)  # finding
    two = boto3.resource("s3", use_ssl=False, region_name="eu-west-1")  # finding
    three = session.client("sqs", verify=False)  # finding
    return one, two, three


def good_clients(session, bundle):
    one = boto3.client("s3")
    two = boto3.client("s3", verify="ca.pem")
    three = session.client("sqs", verify=bundle)
    four = boto3.resource("s3", use_ssl=True)
    return one, two, three, four
