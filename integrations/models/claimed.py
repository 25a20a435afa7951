"""What processes work on in turns for a store: not while its connection rests."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from config import turns
from integrations.models.connection import Connection


class Claimed(turns.Claimed):
    """Work for the connection that the row names."""

    class Meta:
        abstract = True

    @classmethod
    def free(cls, at: datetime) -> "QuerySet[Any]":
        """Leave out those whose store rests."""
        return super().free(at).exclude(connection__in=Connection.objects.at_rest())
