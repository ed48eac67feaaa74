import boto3
from azure.storage.blob import BlobServiceClient, PublicAccess
from google.cloud import storage


def publish(name, connection):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=name, ACL="public-read")  # finding
    s3.put_bucket_acl(Bucket=name, ACL="public-read-write")  # finding
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration={"BlockPublicAcls": False})  # finding
    bucket = storage.Client().bucket(name)
    bucket.make_public(recursive=True)  # finding
    service = BlobServiceClient.from_connection_string(connection)
    service.create_container(name, public_access="container")  # finding
    service.create_container(name, public_access=PublicAccess.Blob)  # finding


def keep_private(name, connection, acl):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=name, ACL="private")
    s3.put_bucket_acl(Bucket=name, ACL=acl)
    block = {"BlockPublicAcls": True, "BlockPublicPolicy": True}
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    service = BlobServiceClient.from_connection_string(connection)
    service.create_container(name)
    service.make_public(name)
