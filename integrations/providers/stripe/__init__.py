"""Stripe, through its official library."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from integrations.providers.base import Credential, History, Provider, Reconcile
from integrations.providers.stripe import api, events, history, reconcile, signature, statuses, webhooks

if TYPE_CHECKING:
    from integrations.connecting import Credentials
    from integrations.models import Connection

CREDENTIALS = (
    Credential(
        name="api_key",
        option="--api-key",
        label=_("Restricted API key"),
        help_text=_("Starts with rk_. Read access to customers, subscriptions, invoices, payment methods, products "
                    "and prices is all it needs; with write access to webhook endpoints we set ours up."),
        is_secret=True,
        is_tried=True,
    ),
    Credential(
        name="webhook_secret",
        option="--webhook-secret",
        label=_("Webhook secret"),
        help_text=_("Starts with whsec_. The store shows it where its webhook is set up. When you replace it, the old "
                    "one stays valid for a day."),
        is_secret=True,
    ),
    Credential(
        name="api_address", option="--api-address", label=_("API address"), is_tried=True, is_for_tests=True
    ),
)  # fmt: skip


def _payment_page(connection: "Connection") -> str:
    """Return the address of a subscription's page: Stripe's dashboard, or the pretend shop's own."""
    base = f"{connection.api_address}/dashboard" if connection.api_address else "https://dashboard.stripe.com"
    return f"{base}/subscriptions/{{id}}" if connection.livemode else f"{base}/test/subscriptions/{{id}}"


def _is_live(credentials: "Credentials") -> bool | None:
    """Read the mode off the key, which says it."""
    return credentials.api_key.split("_")[1:2] != ["test"] if credentials.api_key else None


STRIPE = Provider(
    name="stripe",
    label="Stripe",
    credentials=CREDENTIALS,
    test_option="--test-mode",
    is_live=_is_live,
    verify=signature.verify,
    read=events.read,
    prepare=events.prepare,
    check=api.check,
    history=History(page=history.page, total=history.total),
    statuses=statuses.TABLE,
    payment_page=_payment_page,
    reconcile=Reconcile(
        page=reconcile.page,
        watch=reconcile.watch,
        limits=_("Stripe keeps its events for 30 days; a historical sync brings what is older."),
        remarks={
            reconcile.NO_EVENTS: _(
                "The API key may not read events, so all recurring payments are compared, and only once a day."
            )
        },
    ),
    register=webhooks.register,
    unregister=webhooks.unregister,
    rotate=webhooks.rotate,
    retire=webhooks.retire,
)
