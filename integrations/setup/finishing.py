"""What the end of the set-up does: it keeps the choices, tells the store our address, and begins with the past."""

from django.db import transaction
from django.http import HttpRequest

from config.audit.log import record
from integrations import bell, connecting, history
from integrations.models import Connection
from integrations.providers import history_of
from integrations.providers.base import ProviderError, Total
from integrations.setup.forms import OptionsForm


@transaction.atomic
def keep(form: OptionsForm, request: HttpRequest) -> Connection:
    """Write the options on the connection and its store, which are set up from now on."""
    connection = form.connection
    is_first, fields = not connection.is_set_up, [form.fields[name].label for name in form.changed_data]
    connection.store.newcomer_list = form.chosen_list()
    connection.store.save(update_fields=["newcomer_list"])
    connection.status_overrides = form.status_overrides()
    connection.is_set_up = True
    connection.save(update_fields=["status_overrides", "is_set_up"])
    if is_first or fields:
        record("connection.changed", about=connection, request=request, fields=fields)
    return connection


def tell_store(connection: Connection, request: HttpRequest) -> str:
    """Set our webhook up at the store where its API lets us; return what people should know beside that.

    Raise ProviderError where it does not let us.
    """
    told = connecting.set_up(connection)
    if connection.api_key:
        record("webhook.registered", about=connection, request=request)
    return told


def read_past(connection: Connection, request: HttpRequest, *, announces: bool) -> None:
    """Read the history in the background; call it when the webhook is set up, so that nothing falls between."""
    if connection.paused_at:
        return
    bell.ring_for_sync(history.start(connection, announces=announces, request=request))


def total_of(connection: Connection) -> Total | None:
    """Ask the store how many recurring payments it has; None where it does not say. It asks over the network."""
    past = history_of(connection)
    try:
        return past.total(connection) if past else None
    except ProviderError:
        return None
