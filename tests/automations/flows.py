"""Flows written in one line, and people whose payments change."""

from datetime import UTC, datetime, timedelta
from typing import Any

from automations import publishing, running
from automations.email.plain import html_of
from automations.models import Automation, Enrolment, Passage
from contacts.models import Contact
from subscriptions.models import Store
from tests.subscriptions.reports import report, tell

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CREATED: dict[str, Any] = {"id": "t1", "on": "created"}
FAILED: dict[str, Any] = {"id": "t1", "on": "updated", "field": "status", "to": "payment_failed"}
ACTIVE: dict[str, Any] = {
    "recurring_payment": {"field": "status", "op": "is", "value": "active"},
    "match": "this",
}


# Whoever gets marketing must be able to leave.
LEAVE = '<p><a href="{{ link.unsubscribe }}">Unsubscribe</a></p>'


def step(do: str, id: str = "", **options: Any) -> dict[str, Any]:
    """Write a step; its id is what it does, unless one is given. An e-mail may be written right here."""
    told = {"campaign": letter(**options)} if do == "email" and "campaign" not in options else options
    return {"id": id or do, "do": do, **told}


def letter(*, about: str = "marketing", translations: Any = None, **said: Any) -> dict[str, Any]:
    """Write the e-mail that a step brings along; its HTML says what its text does, and has nothing around it."""
    told = {"form": "html", "purpose": about, **_words(said)}
    if isinstance(translations, dict):
        translations = {one: _words(words) if isinstance(words, dict) else words for one, words in translations.items()}
    return told if translations is None else told | {"translations": translations}


def _words(said: dict[str, Any]) -> dict[str, Any]:
    return ({"body": html_of(said["text"]) + LEAVE} if isinstance(said.get("text"), str) else {}) | said


def tag(name: str) -> dict[str, Any]:
    """Write a step that adds a tag; its id is the tag."""
    return step("tag", name, tag=name)


def days(n: int, id: str = "wait") -> dict[str, Any]:
    """Write a step that waits for so many days."""
    return step("wait", id, **{"for": {"n": n, "unit": "days"}})


def flow(*steps: dict[str, Any], on: Any = CREATED, runs: str = "every_time") -> dict[str, Any]:
    """Write a flow with one trigger, or with several."""
    return {"triggers": on if isinstance(on, list) else [on], "runs": runs, "steps": list(steps)}


def publish(*steps: dict[str, Any], name: str = "Flow", **rest: Any) -> Automation:
    """Publish an automation; its triggers have been listening since long ago."""
    one = publishing.create(name=name, draft=flow(*steps, **rest))
    publishing.publish(one)
    one.triggers.update(since=NOW - timedelta(days=400), checked_until=NOW)
    one.versions.update(watched_at=NOW - timedelta(days=1))
    one.refresh_from_db()
    return one


def change(one: Automation, *steps: dict[str, Any], **rest: Any) -> None:
    """Publish another flow for an automation."""
    one.refresh_from_db()
    publishing.save(one, draft=flow(*steps, **rest), name=one.name)
    publishing.publish(one)


def pay(store: Store, person: str = "ada", sub: str = "sub_1", *, at: int = 0, **values: Any) -> None:
    """Have a store tell of a person's payment."""
    told: dict[str, Any] = {"status": "active"} | values
    tell(store, report(sub, at=at, email=f"{person}@example.com", **told))


def go(now: datetime = NOW) -> None:
    """Let the engine do everything that there is to do at a moment, as its sweep does."""
    running.look_around(now=now)
    running.run(seconds=60, now=now)


def later(**span: Any) -> datetime:
    """Return a moment after now."""
    return NOW + timedelta(**span)


def tags(person: str = "ada") -> set[str]:
    """Say which tags a person has."""
    contact = Contact.objects.get(email_key=f"{person}@example.com")
    return {one.name for one in contact.tags.all()}


def only() -> Enrolment:
    """Return the one way that there is."""
    return Enrolment.objects.get()


def path(one: Enrolment | None = None) -> list[tuple[str, str]]:
    """Say which steps are behind somebody, and what came of each."""
    rows = Passage.objects.filter(enrolment=one or only()).order_by("pk")
    return list(rows.values_list("step", "outcome"))
