"""Credentials for storage, where scripts written for H2O look for them: `from artesian.persist import set_s3_credentials`."""

from artesian.client.persist import remove_s3_credentials, set_s3_credentials

__all__ = ["remove_s3_credentials", "set_s3_credentials"]
