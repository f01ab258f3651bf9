"""Credentials for storage that the server reads from and writes to. They are checked here and go to the server, which may refuse."""

from __future__ import annotations

from artesian.client import session
from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError

__all__ = ["remove_s3_credentials", "set_s3_credentials"]


def set_s3_credentials(secret_key_id: str, secret_access_key: str, session_token: str | None = None) -> None:
    """Gives the server a key for Amazon S3; the real H2O-3 takes it.

    Artesian's server refuses: whoever reaches it would choose whose buckets it reads. There, credentials are those of the
    server's own environment (AWS_ACCESS_KEY_ID and so on). Raises H2OValueError for a part that is missing or empty,
    NotAvailable where the server does not take credentials.
    """
    parts = {"secret_key_id": "Secret key ID", "secret_access_key": "Secret access key"}
    data = {"secret_key_id": secret_key_id, "secret_access_key": secret_access_key, "session_token": session_token}
    for name, label in parts.items():
        if data[name] is None:
            raise H2OValueError(f"{label} must be specified: give the argument '{name}'.", name)
    for name, label in parts.items():
        check_type(name, data[name], str)
        if not data[name]:
            raise H2OValueError(f"{label} must not be empty (argument '{name}').", name)
    check_type("session_token", session_token, None, str)
    session.api("POST /3/PersistS3", data=data)


def remove_s3_credentials() -> None:
    """Has the server forget the key that `set_s3_credentials` gave it."""
    session.api("DELETE /3/PersistS3")
