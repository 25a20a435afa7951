"""Stripe, through its official library."""

from typing import TYPE_CHECKING

from integrations.providers.base import History, Provider
from integrations.providers.stripe import api, events, history, signature, statuses

if TYPE_CHECKING:
    from integrations.models import Connection


def _payment_page(connection: "Connection") -> str:
    """Return the address of a subscription's page: Stripe's dashboard, or the pretend shop's own."""
    base = f"{connection.api_address}/dashboard" if connection.api_address else "https://dashboard.stripe.com"
    return f"{base}/subscriptions/{{id}}" if connection.livemode else f"{base}/test/subscriptions/{{id}}"


STRIPE = Provider(
    name="stripe",
    label="Stripe",
    verify=signature.verify,
    read=events.read,
    check=api.check,
    history=History(page=history.page, total=history.total),
    statuses=statuses.TABLE,
    payment_page=_payment_page,
)
