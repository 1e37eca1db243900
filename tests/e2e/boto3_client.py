"""What the end-to-end tests do with boto3: one function a line of `boto3_test.ts`.

Usage: python boto3_client.py FUNCTION JSON_ARGUMENTS; prints the result as JSON.
"""

import hashlib
import json
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError


def client(**settings):
    return boto3.client("s3", config=Config(retries={"max_attempts": 1}, **settings))


def digest_of(body):
    digest, size = hashlib.sha256(), 0
    for chunk in body.iter_chunks(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def put_object(bucket, key, path):
    """One PutObject, streamed from a file, with the SDK's default checksum."""
    with open(path, "rb") as file:
        answer = client().put_object(Bucket=bucket, Key=key, Body=file)
    return {"etag": answer["ETag"], "crc32": answer.get("ChecksumCRC32")}


def upload_file(bucket, key, path):
    """A multipart upload by the transfer manager, with its default settings."""
    client().upload_file(path, bucket, key)


def get_object(bucket, key):
    return digest_of(client().get_object(Bucket=bucket, Key=key)["Body"])


def download_file(bucket, key, path):
    """Ranges side by side, as the transfer manager reads large objects."""
    client().download_file(bucket, key, path, Config=TransferConfig(max_concurrency=4))


def checksums(bucket, algorithms, body):
    """Uploads with each algorithm, in one part and in two, and what is read back."""
    s3, seen = client(), {}
    for algorithm in algorithms:
        key = f"checksum-{algorithm}"
        member = f"Checksum{algorithm}"
        put = s3.put_object(Bucket=bucket, Key=key, Body=body.encode(), ChecksumAlgorithm=algorithm)
        got = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        head = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        text = got["Body"].read().decode()
        seen[algorithm] = [put.get(member), got.get(member), head.get(member), text]
    return seen


def operations(bucket):
    """A walk through the API with a resource's usual calls."""
    s3 = client()
    keys = ["a b/c+d", "é/🦊", "q?x#y", "%25", "a&b=c;d", "'\"\\"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode(), Metadata={"kind": "odd"})
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2})
    listed = [item["Key"] for page in pages for item in page["Contents"]]
    old_pages = s3.get_paginator("list_objects").paginate(Bucket=bucket, PaginationConfig={"PageSize": 4})
    old_listed = [item["Key"] for page in old_pages for item in page["Contents"]]
    bodies = [s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys]
    s3.copy_object(Bucket=bucket, Key="copied", CopySource={"Bucket": bucket, "Key": keys[1]})
    copied = s3.get_object(Bucket=bucket, Key="copied")
    s3.put_object_tagging(Bucket=bucket, Key="copied", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    tags = s3.get_object_tagging(Bucket=bucket, Key="copied")["TagSet"]
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
    try:
        s3.get_object(Bucket=bucket, Key=keys[0])
        missing = "found"
    except ClientError as error:
        missing = error.response["Error"]["Code"]
    return {
        "keys": sorted(keys),
        "listed": sorted(listed),
        "old_listed": sorted(old_listed),
        "bodies": sorted(bodies),
        "copied": [copied["Body"].read().decode(), copied["Metadata"]],
        "tags": tags,
        "deleted": sorted(item["Key"] for item in deleted["Deleted"]),
        "missing": missing,
    }


def presign(bucket, key):
    s3 = client(signature_version="s3v4")
    return {
        method: s3.generate_presigned_url(name, Params={"Bucket": bucket, "Key": key})
        for method, name in (("GET", "get_object"), ("PUT", "put_object"))
    }


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](**json.loads(sys.argv[2]))))
