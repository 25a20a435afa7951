"""Ways that people once went, kept as files: the same flow and the same events lead today where they led then.

Each file of `histories` holds the account's zone, what happened and when, and what became of everybody: the moment at
which each step was left, its outcome, the end, and the subjects of what was sent. Their years lie ahead, so that what
the engine does "at once" is never later than the moment that is played. Whoever changes a decision on purpose sees
here for whom, and writes the file anew.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from automations import publishing, sending
from automations.models import Automation, Enrolment, Message
from contacts.models import Contact
from contacts.services import give_tags
from subscriptions.models import Store
from tests.automations.flows import go, pay
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db
HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))
# Nobody looks at people less often than this, whatever they wait for.
TICK = timedelta(hours=6)


class Played:
    """One history that is played again."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.told = 0

    def publish(self, name: str, flow: Mapping[str, Any]) -> None:
        """Publish a flow under a name, anew or as its next version."""
        found = Automation.objects.filter(name=name).first()
        one = publishing.save(found, draft=flow) if found else publishing.create(name=name, draft=flow)
        publishing.publish(one)

    def tell(self, person: str, sub: str, **values: Any) -> None:
        """Have the store tell of somebody's payment."""
        self.told += 1
        pay(self.store, person, sub, at=self.told, **values)

    def tag(self, person: str, name: str) -> None:
        """Give somebody a tag."""
        give_tags({self.find(person).pk: [name]})

    def state(self, name: str, verb: str) -> None:
        """Pause, resume or archive an automation."""
        verbs: dict[str, Callable[[Automation], Any]] = {
            "pause": publishing.pause,
            "resume": publishing.resume,
            "archive": publishing.archive,
        }
        verbs[verb](Automation.objects.get(name=name))

    @staticmethod
    def find(person: str) -> Contact:
        """Return a person by the first part of their address."""
        return Contact.objects.get(email_key=f"{person}@example.com")

    def play(self, events: list[list[Any]]) -> None:
        """Let everything happen, each at its moment; at one without an event, people are only looked at."""
        now = _moment(events[0][0])
        for at, *event in events:
            for moment in _looks(now, _moment(at)):
                self._work(moment)
            now = _moment(at)
            if event:
                verb, *told = event
                values = told.pop() if isinstance(told[-1], dict) and verb == "tell" else {}
                getattr(self, verb)(*told, **values)
                self._work(now)

    def _work(self, now: datetime) -> None:
        go(now)
        while Message.objects.filter(state__in=Message.OPEN).exists():
            Message.objects.filter(state__in=Message.OPEN).update(claimed_until=timezone.now())
            sending.send(seconds=60)
            go(now)

    def ways(self) -> dict[str, list[str]]:
        """Say for each way what became of it, step by step."""
        return {
            f"{one.automation.name}: {_person(one)}": [
                *(f"{_short(row.left_at)} {row.step} {row.outcome}" for row in one.passages.order_by("pk")),
                _end(one),
            ]
            for one in Enrolment.objects.select_related("automation", "contact", "payment").order_by("pk")
        }


def _looks(start: datetime, end: datetime) -> Iterator[datetime]:
    """Name the moments between two at which somebody is due, or at which it is time to look."""
    now = start
    while True:
        due = Enrolment.objects.filter(state="active", wake_at__gt=now).order_by("wake_at").first()
        now = min(now + TICK, due.wake_at if due and due.wake_at else end)
        yield min(now, end)
        if now >= end:
            return


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _short(moment: datetime | None) -> str:
    """Write a moment, or "at once" for the clock of today: what follows an e-mail is not told the played one."""
    if moment is None:
        return "-"
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}" if moment.year > 2030 else "at once"


def _person(way: Enrolment) -> str:
    payment = way.payment.store_recurring_payment_id if way.payment else "-"
    return f"{way.contact.email_key} {payment} #{Enrolment.objects.filter(contact=way.contact, pk__lt=way.pk).count()}"


def _end(way: Enrolment) -> str:
    words = (_short(way.ended_at or way.until), f"[{way.state}]", way.step, way.reason)
    return " ".join(filter(None, words))


def test_there_are_histories() -> None:
    assert len(HISTORIES) >= 6


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_people_go_the_ways_that_they_went(path: Path, store: Store, post: MailServer, settings: Any) -> None:
    history = json.loads(path.read_text())
    settings.TIME_ZONE = history["zone"]
    played = Played(store)
    played.play(history["events"])
    mails = [f"{sent['To']}: {sent['Subject']}" for sent in post.inbox]
    assert {"ways": played.ways(), "mails": sorted(mails)} == history["became"]
