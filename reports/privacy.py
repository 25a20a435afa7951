"""What reports tell of a person: how their revenue moved and how their payments were, which both follow from these."""

from typing import Any

from contacts import conditions
from contacts.models import Contact
from contacts.privacy import Holder, plain
from reports.models import Episode, Movement, Report


def _collect(contact: Contact) -> dict[str, Any]:
    without = ("id", "contact", "payment")
    return {
        "movements_of_revenue": [
            plain(one, without=without) for one in Movement.objects.filter(contact=contact).order_by("day", "pk")
        ],
        "times_of_payments": [
            plain(one, without=without) for one in Episode.objects.filter(contact=contact).order_by("since", "pk")
        ],
    }


def _erase(contact: Contact) -> None:
    """Take the person out of the conditions of reports; what is kept of their payments is counted again without them.

    The database notes that itself, and the totals are to be less by what these rows say.
    """
    conditions.forget(contact, [(Report, "definition")])


HOLDER = Holder(app="reports", collect=_collect, erase=_erase)
