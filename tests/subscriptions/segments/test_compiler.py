"""Who matches: every operator on values of every sort, scopes, tags and lists."""

import sqlite3
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, ContactList
from subscriptions.models import RecurringPayment, Store
from subscriptions.segments import compiler, reading
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from tests.subscriptions.reports import stored
from tests.subscriptions.segments.conftest import CLOCK, field, give, names, paying

pytestmark = pytest.mark.django_db

TEXTS = [
    ("is", "chicago", ["Ada"]), ("is", "lyon", ["Ada"]), ("is", "  Lyon", ["Ada"]), ("is", "ÉVIAN-LES-bains", ["Bob"]),
    ("is", "evian-les-bains", []), ("is", "100%", []), ("contains", "%", ["Cleo"]), ("contains", "_town", ["Cleo"]),
    ("contains", "c_icago", []), ("contains", "ÉVI", ["Bob"]), ("starts_with", "100% ", ["Cleo"]),
    ("starts_with", "hicago", []), ("ends_with", "TOWN_", ["Cleo"]), ("ends_with", "lyo", []),
    ("is_not", "Chicago", ["Ada", "Bob", "Cleo"]), ("does_not_contain", "i", ["Ada", "Cleo"]),
    ("is_any_of", ["Lyon", "évian-les-bains"], ["Ada", "Bob"]),
    ("is_none_of", ["Lyon", "Chicago"], ["Bob", "Cleo"]),
]  # fmt: skip


@pytest.mark.parametrize(("op", "value", "found"), TEXTS)
def test_texts_have_no_regard_to_case_and_outer_blanks_and_no_wildcards(
    people: dict[str, Contact], op: str, value: Any, found: list[str]
) -> None:
    assert names(paying(field("billing_city", op, value))) == found


OTHERS = [
    ("status", "is", "paused", ["Ada", "Bob"]), ("status", "is_not", "paused", ["Ada", "Cleo"]),
    ("status", "is_any_of", ["active", "pending"], ["Ada", "Cleo"]),
    ("last_payment_status", "is_not", "completed", ["Ada", "Bob", "Cleo"]),
    ("payment_amount", "equals", "49.9", ["Ada"]), ("payment_amount", "equals", 49.9, ["Ada"]),
    ("payment_amount", "more_than", 49, ["Ada", "Bob"]), ("payment_amount", "at_least", "120", ["Bob"]),
    ("payment_amount", "less_than", "15.5", []), ("payment_amount", "at_most", "15.50", ["Ada"]),
    ("payment_amount", "between", ["15.5", "49.9"], ["Ada"]),
    ("payment_amount", "does_not_equal", "120", ["Ada", "Cleo"]),
    ("billing_interval_count", "equals", 3, ["Bob"]),
    ("next_payment_date", "is_on", "2026-03-03", ["Ada"]), ("next_payment_date", "is_before", "2026-03-03", []),
    ("next_payment_date", "is_on_or_before", "2026-03-03", ["Ada"]),
    ("next_payment_date", "is_after", "2026-03-03", ["Bob"]),
    ("next_payment_date", "is_on_or_after", "2026-03-03", ["Ada", "Bob"]),
    ("next_payment_date", "between", ["2026-03-03", "2026-04-10"], ["Ada", "Bob"]),
    ("next_payment_date", "in_the_next", {"n": 2, "unit": "days"}, ["Ada"]),
    ("next_payment_date", "in_the_next", {"n": 47, "unit": "hours"}, []),
    ("next_payment_date", "more_than_ahead", {"n": 1, "unit": "months"}, ["Bob"]),
    ("cancelled_date", "in_the_last", {"n": 1, "unit": "weeks"}, ["Cleo"]),
    ("store_created_date", "more_than_ago", {"n": 13, "unit": "months"}, ["Ada"]),
    ("is_trial", "is", True, ["Ada"]), ("is_trial", "is", False, ["Bob"]),
    ("line_item_sku", "any_is", "pro-1", ["Ada"]), ("line_item_sku", "none_is", "box", ["Ada", "Bob", "Cleo"]),
    ("line_item_category", "any_is", "CLOUD", ["Ada"]), ("line_item_category", "any_contains", "oft", ["Ada"]),
    ("line_item_tag", "any_is", "Food", ["Ada"]), ("line_item_name", "any_contains", "plan", ["Ada"]),
    ("notes", "any_contains", "TWICE", ["Ada"]), ("notes", "none_is", "called twice", ["Ada", "Bob", "Cleo"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "op", "value", "found"), OTHERS)
def test_other_kinds_are_asked_in_their_own_way(
    people: dict[str, Contact], name: str, op: str, value: Any, found: list[str]
) -> None:
    assert names(paying(field(name, op, value))) == found


@pytest.mark.parametrize(
    ("name", "filled"),
    [("billing_city", 4), ("last_payment_status", 0), ("payment_amount", 3), ("next_payment_date", 2), ("is_trial", 2),
     ("line_item_sku", 2), ("line_item_category", 2), ("notes", 1), ("billing_company", 0)],
)  # fmt: skip
def test_emptiness_is_known_of_every_kind(people: dict[str, Contact], name: str, filled: int) -> None:
    def count(op: str) -> int:
        node = reading.read(field(name, op), inside_payment=True)
        return RecurringPayment.objects.filter(compiler.of_payments(node), contact__isnull=False).count()

    assert (count("is_not_empty"), count("is_empty")) == (filled, 4 - filled)


def test_blanks_are_no_value(store: Store) -> None:
    give(store, "Eve", "e1", billing_city="   ", notes=["  "], items=[{"name": " ", "sku": ""}])
    empty = [field(name, "is_empty") for name in ("billing_city", "notes", "line_item_name", "line_item_sku")]
    assert names(paying(*empty)) == ["Eve"]


def test_conditions_in_one_frame_are_about_one_payment(people: dict[str, Contact]) -> None:
    both = [field("billing_city", "is", "Chicago"), field("status", "is", "paused")]
    assert names(paying(*both)) == []
    assert names({"all": [paying(one) for one in both]}) == ["Ada"]
    assert names(paying(*reversed(both))) == []


@pytest.mark.parametrize(
    ("match", "found"),
    [("any", ["Ada", "Bob"]), ("none", ["Cleo", "Dora"]), ("every", ["Bob"]), ("latest", ["Ada", "Bob"]),
     ({"at_least": 1}, ["Ada", "Bob"]), ({"at_least": 2}, []), ({"at_least": 0}, ["Ada", "Bob", "Cleo", "Dora"]),
     ({"at_most": 0}, ["Cleo", "Dora"]), ({"at_most": 1}, ["Ada", "Bob", "Cleo", "Dora"]),
     ({"exactly": 0}, ["Cleo", "Dora"]), ({"exactly": 1}, ["Ada", "Bob"])],
)  # fmt: skip
def test_scopes(people: dict[str, Contact], match: Any, found: list[str]) -> None:
    assert names(paying(field("status", "is", "paused"), match=match)) == found


def test_two_payments_are_counted_and_the_older_is_not_the_latest(people: dict[str, Contact]) -> None:
    anything = field("store_recurring_payment_id", "is_not_empty")
    assert names(paying(anything, match={"at_least": 2})) == ["Ada"]
    assert names(paying(anything, match={"exactly": 1})) == ["Bob", "Cleo"]
    assert names(paying(field("status", "is", "active"), match="latest")) == []


def test_this_is_the_payment_that_started_it(people: dict[str, Contact], store: Store) -> None:
    segment = paying(field("status", "is", "paused"), match="this")
    assert names(segment, this=(stored(store, "a2").pk,)) == ["Ada"]
    assert names(segment, this=(stored(store, "a1").pk,)) == []


def test_people_tags_and_lists_are_asked_about_too(people: dict[str, Contact], newsletter: ContactList) -> None:
    def on(op: str) -> list[str]:
        return names({"list": newsletter.pk, "op": op})

    assert names({"tag": " vip", "op": "has"}) == ["Bob", "Dora"]
    assert names({"tag": "VIP", "op": "has_not"}) == ["Ada", "Cleo"]
    assert names({"tag": "never given", "op": "has"}) == []
    assert (on("subscribed"), on("unsubscribed"), on("not_on")) == (["Ada"], ["Bob"], ["Cleo", "Dora"])
    for state in ("unconfirmed", "bounced"):
        newsletter.standings.filter(state="subscribed").update(state=state)
        assert (on(state), on("subscribed"), on("not_on")) == (["Ada"], [], ["Cleo", "Dora"])
        newsletter.standings.filter(state=state).update(state="subscribed")
    assert names({"contact": "email", "op": "starts_with", "value": "DORA@"}) == ["Dora"]
    assert names({"contact": "created_at", "op": "is_empty"}) == []


def test_groups_nest_and_not_is_the_opposite(people: dict[str, Contact]) -> None:
    paused, vip = paying(field("status", "is", "paused")), {"tag": "vip", "op": "has"}
    assert names({"all": [paused, {"not": vip}]}) == ["Ada"]
    assert names({"any": [paused, vip]}) == ["Ada", "Bob", "Dora"]
    assert names({"not": {"any": [paused, vip]}}) == ["Cleo"]
    assert names({"all": []}) == ["Ada", "Bob", "Cleo", "Dora"]
    assert names({"any": []}) == []


def test_a_segment_is_one_query_and_finds_everybody_once(people: dict[str, Contact]) -> None:
    segment = {"any": [paying(field("billing_city", "is_not_empty")), paying(field("notes", "is_empty"))]}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert names(segment) == ["Ada", "Bob", "Cleo"]
    assert len(queries) == 1


def test_days_are_those_of_the_account_and_months_those_of_the_store(store: Store) -> None:
    from zoneinfo import ZoneInfo

    give(store, "Eve", "e1", next_payment_date="2026-03-02T02:00:00Z", payment_method_expiration="2026-12-01T00:00:00Z")
    clock = Clock(now=CLOCK.now, zone=ZoneInfo("America/New_York"))

    def found(name: str, day: str) -> int:
        node = reading.read(paying(field(name, "is_on", day)))
        return compiler.people(node, World(clock=clock)).count()

    assert (found("next_payment_date", "2026-03-01"), found("next_payment_date", "2026-03-02")) == (1, 0)
    assert (found("payment_method_expiration", "2026-12-01"), found("payment_method_expiration", "2026-11-30")) == (
        1,
        0,
    )


def test_only_those_are_asked_who_are_named(people: dict[str, Contact]) -> None:
    anything = paying(field("store_recurring_payment_id", "is_not_empty"))
    assert names(anything, only=(people["Bob"].pk, people["Dora"].pk)) == ["Bob"]
    assert names(paying(field("status", "is", "paused"), match="none"), only=(people["Dora"].pk,)) == ["Dora"]


@pytest.mark.parametrize("city", ["York", "YOR\u212a ", "yor\u212a", "ÉVIAN York"])
def test_letters_beyond_ascii_are_folded_as_the_index_folds_them(store: Store, city: str) -> None:
    give(store, "Eve", "e1", billing_city=city)
    for op, value in (
        ("contains", "york"),
        ("ends_with", "YOR\u212a"),
        ("is", city.lower()),
        ("is_any_of", [city, "é"]),
    ):
        assert names(paying(field("billing_city", op, value))) == ["Eve"]
    assert names(paying(field("billing_city", "is", "york"))) == ([] if "É" in city else ["Eve"])


# how each database lists the definitions of its indexes
_INDEXES = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def test_no_index_needs_a_function_of_ours_so_that_a_backup_opens_anywhere(people: dict[str, Contact]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES[connection.vendor])
        indexes = [definition for (definition,) in cursor.fetchall()]
    assert any("billing_city" in definition for definition in indexes)
    assert not [definition for definition in indexes if "segment_fold" in definition]
    if connection.vendor == "sqlite":
        with sqlite3.connect(connection.settings_dict["NAME"]) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
