"""A pretend Stripe account: its API, its webhooks and its dashboard."""

from integrations.sandbox.stripe.shop import StripeShop

__all__ = ["StripeShop"]
