"""The secret of our webhooks at the shop: ours to make, and told to every one of them before the old one ends.

What was told is known: until each webhook has the new secret the old one counts too, and asking again goes on where
the shop went away.
"""

from typing import TYPE_CHECKING

from django.db import transaction

from integrations.models import Connection
from integrations.providers.base import changing_webhooks
from integrations.providers.woocommerce import webhooks

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT = ("webhook_secret", "old_webhook_secret", "old_secret_until", "secret_untold")


def set_up(connection: Connection) -> str:
    """Set our webhooks up, with a secret of ours where there is none. Raise ProviderError."""
    if not connection.webhook_secret:
        _take_new_secret(connection, unless=("webhook_secret",))
    with changing_webhooks():
        webhooks.register(connection)
    return ""


def rotate(connection: Connection) -> None:
    """Give all our webhooks a new secret; the old one stays valid for a day. Raise ProviderError.

    Nothing changes where the shop does not let us change a webhook; an earlier rotation that stopped midway goes on.
    """
    with changing_webhooks():
        if not connection.secret_untold:
            webhooks.prove(connection)
            _take_new_secret(connection, unless=("secret_untold",))
        webhooks.register(connection)


def _take_new_secret(connection: Connection, *, unless: "Iterable[str]") -> None:
    """Make and keep a new secret, unless another process has done so meanwhile: then that one is taken."""
    with transaction.atomic():
        stored = Connection.objects.select_for_update().get(pk=connection.pk)
        if not any(getattr(stored, name) for name in unless):
            stored.take_webhook_secret(webhooks.new_secret())
            stored.secret_untold = True
            stored.save(update_fields=_KEPT)
    for name in _KEPT:
        setattr(connection, name, getattr(stored, name))
