"""Secrets at rest: a text column whose content only this application can read.

The keys are `ENCRYPTION_KEYS`; the first encrypts, all decrypt, so a new one is put in front to rotate, and
`manage.py rotate_secrets` writes everything anew before the old one is taken away.
"""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


def _cipher() -> MultiFernet:
    return _cipher_of(tuple(settings.ENCRYPTION_KEYS))


@cache
def _cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted on its way to the database and decrypted on its way back; empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt for the database."""
        value = super().get_prep_value(value)
        return _cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Decrypt what the database holds; a missing key is said in words and not as a garbled secret."""
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured(
                "A stored secret cannot be decrypted: none of ENCRYPTION_KEYS is the key that encrypted it."
            ) from None
