"""`artesian.persist`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.persist.persist import remove_s3_credentials, set_s3_credentials

__all__ = [
    "remove_s3_credentials",
    "set_s3_credentials",
]
