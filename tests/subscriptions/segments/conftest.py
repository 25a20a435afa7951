"""People with payments of every sort: empty values, blanks, capitals, several a person, and nobody's."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from contacts.models import Contact, ContactList, Tag
from contacts.services import give_tags, subscribe, unsubscribe
from subscriptions.models import Store
from subscriptions.segments import compiler, reading
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from tests.subscriptions.reports import NOON, report, tell

CLOCK = Clock(now=NOON)


def days(number: float) -> Any:
    """Return the moment so many days from noon."""
    return NOON + timedelta(days=number)


def names(segment: Any, **world: Any) -> list[str]:
    """Say who matches a segment, by first name in alphabetical order, as often as they are found."""
    node = reading.read(segment, has_this="this" in world)
    found = compiler.people(node, World(clock=CLOCK, **world))
    return sorted(found.values_list("first_name", flat=True))


def paying(*parts: Any, match: Any = "any") -> dict[str, Any]:
    """Write a segment of one frame: a payment of which all of these hold."""
    return {"recurring_payment": {"all": list(parts)}, "match": match}


def field(name: str, op: str, *value: Any) -> dict[str, Any]:
    """Write a condition on a payment's field."""
    return {"field": name, "op": op} | ({"value": value[0]} if value else {})


def give(store: Store, person: str, sub: str, *, items: Iterable[dict[str, Any]] | None = None, **values: Any) -> None:
    """Let a person have a payment."""
    email = f"{person.lower()}@example.com"
    tell(store, report(sub, email=email, shipping_first_name=person, items=items, **values))


@pytest.fixture
def people(store: Store) -> dict[str, Contact]:
    """Ada has two payments, Bob and Cleo one each, Dora none."""
    pro = {"name": "Pro plan", "sku": "PRO-1", "categories": ["Software", "Cloud"]}
    box = {"name": "Box", "sku": "BOX", "tags": ["food "]}
    give(store, "Ada", "a1", status="active", payment_amount="49.90", currency="EUR", billing_city="Chicago",
         next_payment_date=days(2), store_created_date=days(-400), items=[pro], notes=["Called twice"])  # fmt: skip
    give(store, "Ada", "a2", status="paused", payment_amount="15.5", currency="GBP", billing_city=" LYON ",
         store_created_date=days(-10), is_trial=True, items=[box, pro])  # fmt: skip
    give(store, "Bob", "b1", status="paused", payment_amount="120", currency="EUR", billing_city="Évian-les-Bains",
         next_payment_date=days(40), is_trial=False, billing_interval_count=3)  # fmt: skip
    give(store, "Cleo", "c1", billing_city="100% _Town_", cancelled_date=days(-1))
    tell(store, report("nobody", status="paused", billing_city="Chicago"))
    Contact.objects.create(first_name="Dora", email="dora@example.com", email_key="dora@example.com")
    found = {person.first_name: person for person in Contact.objects.all()}
    give_tags({found[name].pk: ["VIP"] for name in ("Bob", "Dora")})
    Tag.objects.create(name="unused")
    return found


@pytest.fixture
def newsletter(people: dict[str, Contact]) -> ContactList:
    """A list to which Ada is subscribed, and from which Bob is unsubscribed."""
    made = ContactList.objects.create(name="Newsletter")
    subscribe([people["Ada"].pk, people["Bob"].pk], made.pk, source="marketer")
    unsubscribe([people["Bob"].pk], made.pk, source="marketer")
    return made
