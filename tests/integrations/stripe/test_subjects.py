"""What each kind of Stripe event is about, in both shapes."""

from pathlib import Path
from typing import Any

import pytest

from integrations.providers.stripe.subjects import EVENTS, is_thin, split, subject_of
from tests.integrations.stripe.documents import ABSENT, BEFORE, SINCE, event, event_files, read

SUBJECTS = {
    "customer.subscription": "subscription:sub_1QkAda0001",
    "invoice": "subscription:sub_1QkAda0001",
    "customer": "customer:cus_Ada0001",
    "payment_method": "customer:cus_Ada0001",
    "charge": "customer:cus_Ada0001",
    "product": "product:prod_Loom0001",
    "price": "price:price_1QkLoom0001",
    "v1.customer.subscription": "subscription:sub_1QkAda0001",
}


@pytest.mark.parametrize("path", event_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_kind_of_event_names_its_subject(path: Path) -> None:
    assert subject_of(read(path)) == SUBJECTS[path.stem.rpartition(".")[0]]


def test_every_declared_event_has_a_fixture_and_every_fixture_is_of_a_declared_event() -> None:
    types = {path.stem: read(path)["type"] for path in event_files() if path.parent.name != "thin"}
    assert set(types.values()) == types.keys() == EVENTS.keys() - {"history"}


def test_where_the_shapes_differ_both_have_fixtures() -> None:
    old = {path.stem for path in event_files() if path.parent.name == BEFORE}
    assert {name for name in EVENTS if name.startswith("invoice.")} | {"charge.refunded"} <= old


@pytest.mark.parametrize(
    ("type_", "changes", "subject"),
    [
        ("customer.subscription.updated", {"type": "customer.subscription.teleported"}, ""),
        ("customer.subscription.updated", {"data.object": None}, ""),
        ("customer.subscription.updated", {"data": ABSENT}, ""),
        ("customer.subscription.updated", {"data": "sub_1"}, ""),
        ("customer.subscription.updated", {"data.object.id": 7}, ""),
        ("customer.subscription.updated", {"data.object.id": "s" * 300}, ""),
        ("customer.subscription.updated", {"data.object.id": "sub_\x00"}, ""),
        ("customer.subscription.updated", {"data.object.id": "sub_\ud800"}, ""),
        ("customer.updated", {"data.object.id": "customer number 5"}, "customer:customer number 5"),
        ("invoice.paid", {"data.object.parent": None}, ""),
        ("charge.refunded", {"data.object.customer": None}, ""),
        ("charge.refunded", {"data.object.customer": {"id": "cus_2"}}, "customer:cus_2"),
        ("payment_method.detached", {"data.previous_attributes": {}}, ""),
    ],
)
def test_an_event_about_nothing_that_we_know_has_no_subject(type_: str, changes: dict[str, Any], subject: str) -> None:
    assert subject_of(event(type_, changes, shape=SINCE)) == subject


@pytest.mark.parametrize(
    ("related", "subject"),
    [
        ({"id": "cus_1", "type": "customer"}, "customer:cus_1"),
        ({"id": "price_1", "type": "price"}, "price:price_1"),
        ({"id": "prod_1", "type": "product"}, "product:prod_1"),
        ({"id": "mtr_1", "type": "billing.meter"}, ""),
        (None, ""),
        ("sub_1", ""),
        ({"id": None}, ""),
    ],
)
def test_a_thin_event_names_its_subject_by_the_related_objects_id(related: Any, subject: str) -> None:
    thin = {"object": "v2.core.event", "type": "v1.anything", "related_object": related}
    assert (is_thin(thin), subject_of(thin)) == (True, subject)


def test_a_subject_is_taken_apart_at_its_first_colon() -> None:
    assert split("customer:old:one") == ("customer", "old:one")
