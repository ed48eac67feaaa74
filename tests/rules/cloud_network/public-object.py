import boto3
from google.cloud import storage


def publish(bucket_name, key, data):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=bucket_name, Key=key, Body=data, ACL="public-read")  # finding
    s3.upload_file(key, bucket_name, key, ExtraArgs={"ContentType": "text/plain", "ACL": "public-read"})  # finding
    blob = storage.Client().bucket(bucket_name).blob(key)
    blob.make_public()  # finding


def keep_private(bucket_name, key, data):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=bucket_name, Key=key, Body=data)
    s3.put_object(Bucket=bucket_name, Key=key, Body=data, ACL="bucket-owner-full-control")
    s3.upload_file(key, bucket_name, key, ExtraArgs={"ACL": "private"})
    return s3.generate_presigned_url("get_object", Params={"Bucket": bucket_name, "Key": key}, ExpiresIn=300)
