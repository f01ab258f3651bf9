"""Credentials for S3: checked here, and not taken by Artesian's server."""

from __future__ import annotations

from typing import Any

import pytest
from recording import Recorder

from artesian.client.exceptions import H2OTypeError, H2OValueError, NotAvailable
from artesian.persist import remove_s3_credentials, set_s3_credentials


@pytest.mark.parametrize(
    ("key", "secret", "message"),
    [
        (None, "abcd", "Secret key ID must be specified"),
        ("abcd", None, "Secret access key must be specified"),
        ("", "abcd", "Secret key ID must not be empty"),
        ("abcd", "", "Secret access key must not be empty"),
    ],
)
def test_a_part_that_is_missing_is_named_and_nothing_sent(
    key: Any, secret: Any, message: str, recorder: Recorder
) -> None:
    with pytest.raises(H2OValueError, match=message):
        set_s3_credentials(key, secret)
    assert recorder.requests == []


def test_they_are_sent_as_the_official_client_sends_them(recorder: Recorder) -> None:
    set_s3_credentials("key", "secret", "token")
    remove_s3_credentials()
    data = {"secret_key_id": "key", "secret_access_key": "secret", "session_token": "token"}
    assert recorder.requests == [("POST /3/PersistS3", data), ("DELETE /3/PersistS3", {})]
    with pytest.raises(H2OTypeError, match="'session_token' must be None or a string"):
        set_s3_credentials("key", "secret", 1)  # type: ignore[arg-type]


def test_the_server_takes_none(client: Any) -> None:
    for call in (lambda: set_s3_credentials("key", "secret"), remove_s3_credentials):
        with pytest.raises(NotAvailable, match=r"credentials by request \(set them in the server's environment\)"):
            call()
