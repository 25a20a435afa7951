"""Connections and the inbox in the admin."""

from integrations.admin.connections import ConnectionAdmin
from integrations.admin.deliveries import DeliveryAdmin

__all__ = ["ConnectionAdmin", "DeliveryAdmin"]
