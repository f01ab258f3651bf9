"""Reads s3:// addresses through boto3, which the extra `s3` brings; another S3-compatible store by the setting `s3_endpoint`."""

from __future__ import annotations

import importlib
from typing import Any
from urllib.parse import urlsplit

from artesian.core.errors import Forbidden, InvalidArgument, NotAvailable, NotFound, ParseError
from artesian.core.settings import Settings

_ATTEMPTS = 3
_LISTED = 1_000  # keys in one answer; the most that the service gives


def open_object(url: str, settings: Settings) -> tuple[Any, int]:
    """A stream of an object's bytes and its length; NotFound, Forbidden or ParseError say why not."""
    bucket, key = _split(url)
    answer = _call(url, settings, "get_object", Bucket=bucket, Key=key)
    return _Body(url, answer["Body"]), int(answer.get("ContentLength") or 0)


def list_objects(url: str, settings: Settings) -> list[str]:
    """The addresses of all objects whose key starts with that of the address, in order of their keys."""
    bucket, prefix = _split(url)
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        answer = _call(url, settings, "list_objects_v2", Bucket=bucket, Prefix=prefix, MaxKeys=_LISTED, **token)
        found += [
            f"s3://{bucket}/{item['Key']}" for item in answer.get("Contents", []) if not item["Key"].endswith("/")
        ]
        if not answer.get("IsTruncated"):
            return found
        token = {"ContinuationToken": answer["NextContinuationToken"]}


class _Body:
    def __init__(self, url: str, body: Any) -> None:
        self._url = url
        self._body = body

    def read(self, size: int) -> bytes:
        try:
            return bytes(self._body.read(size))
        except Exception as error:  # boto3 passes on what urllib3, ssl and its own layers raise
            raise ParseError(f"Reading '{self._url}' broke off: {error}.") from None

    def close(self) -> None:
        self._body.close()


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url, allow_fragments=False)
    except ValueError:
        raise InvalidArgument(f"'{url}' is no address of an object; use s3://bucket/key.") from None
    key = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
    if not parts.netloc:
        raise InvalidArgument(f"'{url}' names no bucket; use s3://bucket/key.")
    return parts.netloc, key


def _call(url: str, settings: Settings, operation: str, **arguments: Any) -> Any:
    try:
        boto3 = importlib.import_module("boto3")
    except ImportError:
        raise NotAvailable(f"Reading '{url}' needs boto3: pip install 'artesian[s3]'.") from None
    exceptions = importlib.import_module("botocore.exceptions")
    try:
        try:
            return getattr(_client(boto3, settings, signed=True), operation)(**arguments)
        except exceptions.NoCredentialsError:
            # public buckets answer without a signature
            return getattr(_client(boto3, settings, signed=False), operation)(**arguments)
    except exceptions.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in ("NoSuchKey", "NoSuchBucket", "404"):
            raise NotFound(f"There is no object '{url}' ({code}).", path=url) from None
        if code in ("AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
            raise Forbidden(
                f"The store refuses '{url}' ({code}); check the credentials of the server.", path=url
            ) from None
        raise ParseError(f"The store answers '{url}' with an error: {error}.") from None
    except exceptions.BotoCoreError as error:
        raise ParseError(f"The store of '{url}' cannot be reached: {error}.") from None


def _client(boto3: Any, settings: Settings, *, signed: bool) -> Any:
    botocore = importlib.import_module("botocore")
    config = importlib.import_module("botocore.config").Config(
        connect_timeout=settings.http_timeout_secs,
        read_timeout=settings.http_timeout_secs,
        retries={"max_attempts": _ATTEMPTS},
        signature_version=None if signed else botocore.UNSIGNED,
    )
    session = boto3.session.Session()
    region = session.region_name or "us-east-1"
    return session.client("s3", endpoint_url=settings.s3_endpoint or None, region_name=region, config=config)
