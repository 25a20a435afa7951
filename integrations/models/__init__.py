"""Connections to stores, the inbox of what they send, the syncs of their history, and the API for stores."""

from integrations.models.api_key import ApiKey, Scope
from integrations.models.api_store import ApiStore
from integrations.models.batch import Batch
from integrations.models.batch_slice import BatchSlice
from integrations.models.claimed import Claimed
from integrations.models.connection import Connection
from integrations.models.delivery import Delivery, DeliveryQuerySet
from integrations.models.historical_sync import HistoricalSync
from integrations.models.idempotent_answer import IdempotentAnswer
from integrations.models.reconciliation import Reconciliation
from integrations.models.sweep import Sweep

__all__ = [
    "ApiKey",
    "ApiStore",
    "Batch",
    "BatchSlice",
    "Claimed",
    "Connection",
    "Delivery",
    "DeliveryQuerySet",
    "HistoricalSync",
    "IdempotentAnswer",
    "Reconciliation",
    "Scope",
    "Sweep",
]
