"""What the API tells of our rows, as plain data."""

from typing import Any

from django.urls import reverse

from contacts.models import Contact, ContactList, Standing
from integrations.api import batches, stores
from integrations.models import Batch, Connection
from subscriptions.catalogue import BY_NAME, STORED
from subscriptions.field_order import Order
from subscriptions.kinds import DATE
from subscriptions.models import LineItem, RecurringPayment
from subscriptions.records import ITEM_KINDS

CONTACT = ("id", "email", "first_name", "last_name", "phone", "company")
LIST = ("id", "name", "description")


def payment(row: RecurringPayment) -> dict[str, Any]:
    """Tell a recurring payment as a row that could be sent, and what is ours beside it."""
    told = {name: field.kind.dump(getattr(row, name)) for name, field in STORED.items()}
    ours = {
        "legacy_connection_id": row.store_id,
        "contact_id": row.contact_id,
        "as_of": DATE.dump(row.as_of),
        "created_at": DATE.dump(row.created_at),
        "updated_at": DATE.dump(row.updated_at),
    }
    return told | {"line_items": [item(one) for one in row.line_items.all()]} | ours


def item(row: LineItem) -> dict[str, Any]:
    """Tell a line item."""
    return {name: kind.dump(getattr(row, name)) for name, kind in ITEM_KINDS.items()}


def contact(row: Contact) -> dict[str, Any]:
    """Tell what a store may know of a contact: what it could have told us itself, the lists, and no tag."""
    told = {name: getattr(row, name) for name in CONTACT}
    moments = {"created_at": DATE.dump(row.created_at), "updated_at": DATE.dump(row.updated_at)}
    return told | {"lists": [_standing(one) for one in row.standings.all()]} | moments


def _standing(row: Standing) -> dict[str, Any]:
    """Tell how a person stands on a list, but not who said so: that may be another store."""
    return {
        "id": row.contact_list_id,
        "name": row.contact_list.name,
        "state": row.state,
        "since": DATE.dump(row.changed_at),
    }


def contact_list(row: ContactList) -> dict[str, Any]:
    """Tell a list."""
    return {name: getattr(row, name) for name in LIST}


def connection(row: Connection) -> dict[str, Any]:
    """Tell a connection; its id is the legacy connection ID of the records."""
    told = stores.about(row)
    return {
        "id": row.store_id,
        "name": row.name,
        "service": told.service,
        "external_id": told.external_id,
        "logo_url": told.logo_url,
        "link_url": told.link_url,
        "created_at": DATE.dump(row.created_at),
    }


def batch(row: Batch) -> dict[str, Any]:
    """Tell how far a batch is."""
    counts = batches.counts(row)
    return {
        "id": str(row.pk),
        "state": row.state,
        "rows": row.size,
        "done": sum(counts.values()),
        "counts": counts,
        "received_at": DATE.dump(row.received_at),
        "finished_at": DATE.dump(row.finished_at),
        "url": reverse("api:batch", args=[row.pk]),
    }


def field_order(order: Order) -> dict[str, Any]:
    """Tell the fields in the order that administrators gave them."""
    fields = (BY_NAME[name] for name in order.names)
    return {
        "version": order.version,
        "fields": [
            {
                "name": field.name,
                "api_name": field.api_name,
                "label": str(field.label),
                "kind": field.kind.name,
                "position": position,
            }
            for position, field in enumerate(fields, start=1)
        ],
    }
