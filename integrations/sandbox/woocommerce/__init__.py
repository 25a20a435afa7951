"""A pretend WooCommerce shop with Woo Subscriptions: its REST API, its webhooks and its pages."""

from integrations.sandbox.woocommerce.keys import FULL, KEY, READER, SECRET, WRITER, Key
from integrations.sandbox.woocommerce.shop import WooShop

__all__ = ["FULL", "KEY", "READER", "SECRET", "WRITER", "Key", "WooShop"]
