"""How each kind of action is done to a slice of people, as one table; each says for how many something changed."""

import csv
from collections.abc import Callable
from io import StringIO

from django.utils import translation

from config.audit.csv_export import neutral
from contacts.merging import today
from contacts.models import MARKETER, Contact, Standing, Way
from contacts.services import give_tags, remove_tag, subscribe, unsubscribe
from subscriptions import display
from subscriptions.catalogue import BY_NAME
from subscriptions.models import RecurringPayment
from subscriptions.people_actions.models import PeopleAction, PeopleSlice

Kind = PeopleAction.Kind
# What an export says of a person, before the fields of their newest recurring payment. By the first they are found
# again when they are to be forgotten.
PERSON = ("id", "email", "first_name", "last_name", "phone", "company")


def apply(action: PeopleAction, part: PeopleSlice) -> int:
    """Do it to those of a slice who are still there, or merged, and return for how many something changed."""
    people = list(Contact.objects.filter(pk__in=today(part.people)).order_by("pk"))
    with translation.override(action.language):
        return _APPLIED[Kind(action.kind)](action, part, people)


def _tag(action: PeopleAction, _part: PeopleSlice, people: list[Contact]) -> int:
    return len(give_tags({one.pk: [action.tag] for one in people}))


def _untag(action: PeopleAction, _part: PeopleSlice, people: list[Contact]) -> int:
    return remove_tag([one.pk for one in people], action.tag)


def _subscribe(action: PeopleAction, _part: PeopleSlice, people: list[Contact]) -> int:
    """Subscribe them, and nobody who is unsubscribed, whoever did that: taking somebody back in is done one by one."""
    before = _standings(action, people)
    gone = {contact for contact, state in before if state == Standing.State.UNSUBSCRIBED}
    subscribe(
        (one.pk for one in people if one.pk not in gone),
        _list_of(action),
        source=MARKETER,
        way=Way.PEOPLE,
        by=_by(action),
    )
    return len(_standings(action, people) - before)


def _unsubscribe(action: PeopleAction, _part: PeopleSlice, people: list[Contact]) -> int:
    before = _standings(action, people)
    unsubscribe([one.pk for one in people], _list_of(action), source=MARKETER, way=Way.PEOPLE, by=_by(action))
    return len(_standings(action, people) - before)


def _standings(action: PeopleAction, people: list[Contact]) -> set[tuple[int, str]]:
    rows = Standing.objects.filter(contact__in=people, contact_list=_list_of(action))
    return set(rows.values_list("contact", "state"))


def _by(action: PeopleAction) -> str:
    """Say to the history of standings who did it."""
    return action.started_by.get_username() if action.started_by else ""


def _list_of(action: PeopleAction) -> int:
    return action.contact_list_id or 0


def _export(action: PeopleAction, part: PeopleSlice, people: list[Contact]) -> int:
    """Write a line for each person, in words as the contact's page shows them."""
    fields, newest = [BY_NAME[name] for name in action.columns], _newest(people)
    written = StringIO()
    writer = csv.writer(written)
    for one in people:
        payment = newest.get(one.pk)
        shown = [display.cell(field, payment).text if payment else "" for field in fields]
        writer.writerow([neutral(value) for value in (*(getattr(one, name) for name in PERSON), *shown)])
    part.text = written.getvalue()
    return 0


def _newest(people: list[Contact]) -> dict[int, RecurringPayment]:
    """Return each person's newest recurring payment, in two queries."""
    rows = RecurringPayment.objects.filter(contact__in=people).newest_first().for_display()
    return {row.contact_id: row for row in reversed(rows) if row.contact_id}


_APPLIED: dict[Kind, Callable[[PeopleAction, PeopleSlice, list[Contact]], int]] = {
    Kind.TAG: _tag,
    Kind.UNTAG: _untag,
    Kind.SUBSCRIBE: _subscribe,
    Kind.UNSUBSCRIBE: _unsubscribe,
    Kind.EXPORT: _export,
}
