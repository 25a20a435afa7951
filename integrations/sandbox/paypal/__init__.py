"""A pretend PayPal account: its API, its webhooks with their certificates, and its dashboard."""

from integrations.sandbox.paypal.shop import PayPalShop

__all__ = ["PayPalShop"]
