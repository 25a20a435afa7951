"""What is stored of a store's recurring payments, as plain values that can be compared."""

from typing import Any

from integrations import history
from integrations.models import Connection, HistoricalSync
from subscriptions.catalogue import BY_NAME, OF_ITEMS, STORED
from subscriptions.models import RecurringPayment
from tests.integrations.conftest import connected
from tests.integrations.shops import ServedShop

State = dict[str, dict[str, Any]]
# What events told, or an earlier answer, and no answer of today tells again.
OF_THE_PAST = frozenset({"store_modified_date", "last_payment_status", "origin_order_id"})


def stored(connection: Connection) -> State:
    """Return every field of every payment of a connection, by the store's id."""
    payments = RecurringPayment.objects.filter(store=connection.store).for_display()
    return {payment.store_recurring_payment_id: _fields(payment) for payment in payments}


def read_anew(shop: ServedShop) -> State:
    """Return the same as a connection finds it that is made now and reads the whole shop."""
    mirror = connected(shop, name="Mirror")
    sync(mirror)
    return stored(mirror)


def comparable(state: State) -> State:
    """Leave out what an answer of today does not tell."""
    return {key: {name: value for name, value in row.items() if name not in OF_THE_PAST} for key, row in state.items()}


def sync(connection: Connection) -> HistoricalSync:
    """Read a store's history here and now."""
    return history.run(history.start(connection).pk)


def _fields(payment: RecurringPayment) -> dict[str, Any]:
    return {name: BY_NAME[name].value(payment) for name in [*STORED, *OF_ITEMS]}
