"""manage.py rotate_secrets: encrypt every stored secret anew with the first of ENCRYPTION_KEYS."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction

from config.audit.log import record
from config.encryption import EncryptedTextField


class Command(BaseCommand):
    """Encrypt stored secrets anew, so that the old key can be taken away."""

    help = "Encrypt every stored secret anew with the first of ENCRYPTION_KEYS; the others can then be removed."

    @transaction.atomic
    def handle(self, *_: Any, **__: Any) -> None:
        """Read with whichever key fits, write with the first."""
        count = sum(_rotate(model) for model in apps.get_models())
        record("secrets.rotated", count=count)
        self.stdout.write(f"Encrypted {count} stored secrets with the first key.")


def _rotate(model: type[models.Model]) -> int:
    """Write a model's secrets anew, and return how many there are."""
    columns = [column.attname for column in model._meta.concrete_fields if isinstance(column, EncryptedTextField)]
    rows = list(model._default_manager.select_for_update().only(*columns)) if columns else []
    for row in rows:
        row.save(update_fields=columns)
    return sum(1 for row in rows for name in columns if getattr(row, name))
