"""PayPal, through its REST API and its signed events."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from integrations.providers.base import Credential, History, Provider, Reconcile
from integrations.providers.paypal import api, events, history, reconcile, signature, statuses, webhooks
from integrations.providers.paypal.resources import RESOURCES

if TYPE_CHECKING:
    from integrations.models import Connection

CREDENTIALS = (
    Credential(
        name="client_id",
        option="--client-id",
        label=_("Client ID"),
        help_text=_("Of a REST app: developer.paypal.com → Apps & Credentials."),
        is_tried=True,
    ),
    Credential(name="api_key", option="--client-secret", label=_("Client secret"), is_secret=True, is_tried=True),
    Credential(
        name="webhook_id",
        option="--webhook-id",
        label=_("Webhook ID"),
        help_text=_(
            "PayPal shows it where the app's webhooks are listed. Leave it empty: we set the webhook up ourselves."
        ),
    ),
    Credential(name="api_address", option="--api-address", label=_("API address"), is_tried=True, is_for_tests=True),
)


def _payment_page(connection: "Connection") -> str:
    """Return the address of a subscription's page at PayPal, or at the pretend shop."""
    host = connection.api_address or f"https://www.{'' if connection.livemode else 'sandbox.'}paypal.com"
    return f"{host}/billing/subscriptions/{{id}}"


def _probe(connection: "Connection") -> None:
    """See whether this account tells its history."""
    connection.lists_payments = history.probe(connection)
    connection.save(update_fields=["lists_payments"])


PAYPAL = Provider(
    name="paypal",
    label="PayPal",
    credentials=CREDENTIALS,
    test_option="--sandbox",
    verify=signature.verify,
    read=events.read,
    check=api.check,
    history=History(
        page=history.page,
        total=history.total,
        is_offered=lambda connection: connection.lists_payments,
        is_experimental=True,
    ),
    statuses=statuses.TABLE,
    payment_page=_payment_page,
    reconcile=Reconcile(
        page=reconcile.page,
        watch=webhooks.watch,
        limits=_("PayPal lists the events of the last 30 days. Older ones are found only for payments known here."),
    ),
    register=webhooks.register,
    unregister=webhooks.unregister,
    probe=_probe,
    resources=RESOURCES,
)
