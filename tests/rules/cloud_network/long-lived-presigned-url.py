import boto3

WEEK = 7 * 24 * 3600


def links(params):
    s3 = boto3.client("s3")
    one = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=604800)  # finding
    two = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=WEEK)  # finding
    three = s3.generate_presigned_post("bucket", "key", ExpiresIn=172800)  # finding
    return one, two, three


def good_links(params, lifetime):
    s3 = boto3.client("s3")
    one = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=900)
    two = s3.generate_presigned_url("get_object", Params=params)
    three = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=lifetime)
    return one, two, three
