"""One person, or one payment, against very many segments."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, ContactList
from subscriptions.models import Store
from subscriptions.segments import matching
from subscriptions.segments.compiler import World
from tests.subscriptions.reports import stored
from tests.subscriptions.segments.conftest import CLOCK, field, names, paying

pytestmark = pytest.mark.django_db


def test_a_hundred_segments_are_one_query(people: dict[str, Contact], newsletter: ContactList) -> None:
    some = [
        paying(field("status", "is", "paused")),
        paying(field("billing_city", "is", "Chicago"), match="none"),
        {"list": newsletter.pk, "op": "subscribed"},
    ]
    trees = {number: some[number % 3] for number in range(1000)}
    with CaptureQueriesContext(connection) as queries:
        found = matching.of_person(trees, people["Ada"].pk, World(clock=CLOCK))
    assert len(queries) == 10
    assert found.matching == [number for number in trees if number % 3 != 1]
    assert found.unreadable == {}


def test_everybody_matches_what_they_are_found_by(people: dict[str, Contact], newsletter: ContactList) -> None:
    paused = field("status", "is", "paused")
    trees: dict[str, Any] = {str(match): paying(paused, match=match) for match in ("any", "none", "every", "latest")}
    trees |= {"vip": {"tag": "vip", "op": "has"}, "off": {"list": newsletter.pk, "op": "not_on"}, "all": {"all": []}}
    for name, person in people.items():
        found = matching.of_person(trees, person.pk, World(clock=CLOCK))
        assert found.matching == [key for key, tree in trees.items() if name in names(tree)]


def test_this_is_the_payment_that_started_it(people: dict[str, Contact], store: Store) -> None:
    trees = {"this": paying(field("status", "is", "paused"), match="this")}
    ada = people["Ada"].pk
    assert matching.of_person(trees, ada, World(clock=CLOCK, this=(stored(store, "a2").pk,))).matching == ["this"]
    assert matching.of_person(trees, ada, World(clock=CLOCK, this=(stored(store, "a1").pk,))).matching == []
    assert list(matching.of_person(trees, ada).unreadable) == ["this"]


def test_a_payment_is_asked_about_what_begins_inside_a_frame(people: dict[str, Contact], store: Store) -> None:
    trees = {"paused": field("status", "is", "paused"), "box": field("line_item_sku", "any_is", "box")}
    trees |= {"person": {"tag": "vip", "op": "has"}}
    with CaptureQueriesContext(connection) as queries:
        found = matching.of_payment(trees, stored(store, "a2").pk, World(clock=CLOCK))
    assert found.matching == ["paused", "box"]
    assert list(found.unreadable) == ["person"]
    assert len(queries) == 2  # one of them looks the payment up
    assert matching.of_payment(trees, stored(store, "b1").pk).matching == ["paused"]


def test_what_cannot_be_read_any_more_is_left_out_and_named(
    people: dict[str, Contact], newsletter: ContactList
) -> None:
    trees = {
        "gone field": paying({"field": "colour", "op": "is", "value": "red"}),
        "fine": {"all": []},
        "gone list": {"not": {"any": [{"list": 4711, "op": "subscribed"}, {"list": newsletter.pk, "op": "not_on"}]}},
    }
    found = matching.of_person(trees, people["Ada"].pk)
    assert found.matching == ["fine"]
    assert {key: str(error) for key, error in found.unreadable.items()} == {
        "gone field": "recurring_payment.all[0].field: there is no such field: colour",
        "gone list": "there is no such list: 4711",
    }


def test_nobody_matches_nothing(people: dict[str, Contact]) -> None:
    assert matching.of_person({"all": {"all": []}}, 4711).matching == []
    assert matching.of_person({}, people["Ada"].pk).matching == []
