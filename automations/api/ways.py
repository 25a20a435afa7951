"""What the API tells of people's ways through automations, as plain data."""

from collections.abc import Iterable
from typing import Any

from automations import reasons, stops
from automations.email import kept
from automations.flow import outline
from automations.models import AutomationVersion, Call, Enrolment, Message
from contacts.models import Contact
from subscriptions.kinds import DATE
from subscriptions.models import RecurringPayment

PERSON = ("id", "email", "first_name", "last_name")
_MOMENTS = ("entered_at", "arrived_at", "until", "ended_at")


def short(rows: Iterable[Enrolment]) -> list[dict[str, Any]]:
    """Tell where people are; the flow of each version is put into words once."""
    found = list(rows)
    words = {pk: _words(version) for pk, version in {one.version_id: one.version for one in found}.items()}
    return [_short(one, words[one.version_id]) for one in found]


def way(one: Enrolment) -> dict[str, Any]:
    """Tell one way with all that lies behind it, and what was sent."""
    drawn = outline.of_published(one.version.flow)
    passed = list(one.passages.select_related("version"))
    return _short(one, _words(one.version)) | {
        "started": stops.started(one, drawn),
        "steps": [_stop(each, one) for each in stops.of(one, passed, drawn)],
    }


def _words(version: AutomationVersion) -> dict[str, str]:
    return {part.id: part.words for part in outline.of_published(version.flow).every_part()}


def _short(one: Enrolment, words: dict[str, str]) -> dict[str, Any]:
    is_there = one.is_inside and bool(one.step)
    return {
        "id": one.pk,
        "contact": _person(one.contact),
        "recurring_payment": _payment(one.payment),
        "version": one.version.number,
        "state": one.state,
        "step": {"id": one.step, "words": words.get(one.step, "")} if is_there else None,
        "reason": _reason(one.reason),
        "detail": one.detail,
        **{name: DATE.dump(getattr(one, name)) for name in _MOMENTS},
    }


def _person(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in PERSON}


def _payment(payment: RecurringPayment | None) -> dict[str, Any] | None:
    if payment is None:
        return None
    names = {"store_recurring_payment_id": payment.store_recurring_payment_id}
    return names | {"legacy_connection_id": payment.store_id}


def _reason(word: str) -> dict[str, str] | None:
    return {"word": word, "words": reasons.say(word)} if word else None


def _stop(stop: stops.Stop, way: Enrolment) -> dict[str, Any]:
    passed = stop.passage
    return {
        "id": stop.step,
        "words": stop.words,
        "arrived_at": DATE.dump((passed or way).arrived_at),
        "left_at": DATE.dump(passed.left_at) if passed else None,
        "outcome": {"word": passed.outcome, "words": stop.outcome} if passed else None,
        "notes": list(stop.notes),
        "message": _message(stop.sent) if isinstance(stop.sent, Message) else None,
        "call": _call(stop.sent) if isinstance(stop.sent, Call) else None,
    }


def _sent(row: Message | Call) -> dict[str, Any]:
    return {
        "number": str(row.number),
        "state": row.state,
        "problem": _reason(row.problem),
        "detail": row.detail,
        "made_at": DATE.dump(row.made_at),
        "finished_at": DATE.dump(row.finished_at),
    }


def _message(row: Message) -> dict[str, Any]:
    html, text = kept.of(row)
    return _sent(row) | {"email": row.email, "subject": row.subject, "html": html, "text": text}


def _call(row: Call) -> dict[str, Any]:
    return _sent(row) | {"status": row.status, "body": row.body}
