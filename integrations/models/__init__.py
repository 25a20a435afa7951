"""Connections to stores, the inbox of what they send, and the syncs of their history."""

from integrations.models.connection import Connection
from integrations.models.delivery import Delivery, DeliveryQuerySet
from integrations.models.historical_sync import HistoricalSync

__all__ = ["Connection", "Delivery", "DeliveryQuerySet", "HistoricalSync"]
