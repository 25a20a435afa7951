"""WooCommerce with Woo Subscriptions, through the shop's REST API."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from integrations.providers.base import Credential, History, Provider, Reconcile
from integrations.providers.woocommerce import api, events, history, reconcile, rotation, signature, statuses, webhooks

if TYPE_CHECKING:
    from integrations.models import Connection

CREDENTIALS = (
    Credential(
        name="api_address",
        option="--address",
        label=_("Address of the shop"),
        help_text=_("As its visitors see it, such as https://shop.example."),
        is_tried=True,
        is_required=True,
    ),
    Credential(
        name="client_id",
        option="--consumer-key",
        label=_("Consumer key"),
        help_text=_("Starts with ck_. WooCommerce → Settings → Advanced → REST API makes one; with read and write "
                    "access we set the webhooks up ourselves."),
        is_tried=True,
    ),
    Credential(
        name="api_key",
        option="--consumer-secret",
        label=_("Consumer secret"),
        help_text=_("Starts with cs_."),
        is_secret=True,
        is_tried=True,
    ),
    Credential(
        name="webhook_secret",
        option="--webhook-secret",
        label=_("Webhook secret"),
        help_text=_("Letters and digits only. When you replace it, the old one stays valid for a day."),
        is_secret=True,
    ),
)  # fmt: skip


def _payment_page(connection: "Connection") -> str:
    """Return the address of a subscription's page in the shop's back office."""
    return f"{connection.api_address}/wp-admin/post.php?post={{id}}&action=edit"


WOOCOMMERCE = Provider(
    name="woocommerce",
    label="WooCommerce",
    credentials=CREDENTIALS,
    verify=signature.verify,
    read=events.read,
    check=api.check,
    history=History(page=history.page, total=history.total),
    statuses=statuses.TABLE,
    payment_page=_payment_page,
    reconcile=Reconcile(
        page=reconcile.page,
        watch=webhooks.watch,
        limits=_("A product's new category, brand or tag is told by webhook and by history only."),
    ),
    # Woo never sends again, and disables a webhook after about five failures
    status_of_our_faults=200,
    register=rotation.set_up,
    unregister=webhooks.unregister,
    rotate=rotation.rotate,
    tells_secret=True,
)
