"""manage.py rotate_secrets: encrypt every stored secret anew with the first of ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from config.audit.log import record
from integrations.models import Connection

_SECRETS = ["api_key", "webhook_secret", "old_webhook_secret"]


class Command(BaseCommand):
    """Encrypt stored secrets anew, so that the old key can be taken away."""

    help = "Encrypt every stored secret anew with the first of ENCRYPTION_KEYS; the others can then be removed."

    @transaction.atomic
    def handle(self, *_: Any, **__: Any) -> None:
        """Read with whichever key fits, write with the first."""
        count = 0
        for connection in Connection.objects.select_for_update():
            connection.save(update_fields=_SECRETS)
            count += 1
        record("secrets.rotated", count=count)
        self.stdout.write(f"Encrypted the secrets of {count} connections with the first key.")
