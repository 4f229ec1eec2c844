"""A local S3 server's settings, and folders that are put into it."""

from __future__ import annotations

import os

from piqa_cli import remote
from piqa_cli.remote import place


def use_s3(monkeypatch, address):
    """Makes a server that of this process; what the user has set is left aside."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    remote._file_system.cache_clear()


def put_folder(folder, address):
    """Puts a folder into a new bucket of the server; returns its URL."""
    from pyarrow.fs import S3FileSystem

    server = S3FileSystem(
        region="us-east-1",
        scheme="http",
        endpoint_override=address.removeprefix("http://"),
        allow_bucket_creation=True,
    )
    bucket = f"b{abs(hash(str(folder)))}"
    server.create_dir(bucket)
    for file in folder.rglob("*"):
        if file.is_file():
            inside = file.relative_to(folder).as_posix()
            place(f"s3://{bucket}/photos/{inside}").write_bytes(file.read_bytes())
    return f"s3://{bucket}/photos"
