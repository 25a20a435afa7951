"""Whatever a key sends to the APIs is done or refused in words: nothing fails, and nothing is half written."""

import json
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact
from integrations.api import keys
from integrations.models import ApiKey, Connection
from subscriptions.models import LineItem, RecurringPayment
from tests.config import matrix
from tests.config.test_matrix import known, store  # noqa: F401
from tests.people import member
from tests.security.mutations import BODIES, TEXTS, few, mutated, written
from tests.security.requests import PAGES, requests, with_connection

pytestmark = pytest.mark.django_db
READ = [(method, route) for method, route, _ in matrix.rows(matrix.API, matrix.KEYS) if method == "GET"]
NAMES = st.sampled_from(
    ["limit", "cursor", "sort", "connection", "status", "email", "payment_amount__gte", "name__contains", "format",
     "next_payment_date__lt", "search", "state", "x", "__class__", "filters[service]", "dry_run"]
)  # fmt: skip


@pytest.fixture
def all_scopes(db: None) -> Client:
    """Whoever has a key that may do everything; a fault of ours is raised and not answered."""
    return Client(headers={"Authorization": f"Bearer {keys.issue(None, name='all', scopes=keys.ACCOUNT_SCOPES)[1]}"})


def kept() -> tuple[int, int, int]:
    return Contact.objects.count(), RecurringPayment.objects.count(), LineItem.objects.count()


def sent(client: Client, method: str, path: str, body: bytes) -> Any:
    """Send a body, look at the answer, and undo what it did."""
    ApiKey.objects.update(full_at=0)
    before = kept()
    with transaction.atomic():
        answer = client.generic(method, path, body, content_type="application/json")
        assert answer.status_code < 500, answer.content
        assert "wrong on our side" not in answer.content.decode()
        assert answer.status_code < 400 or kept() == before
        assert answer.status_code == 204 or isinstance(json.loads(answer.content), dict)
        transaction.set_rollback(True)
    return answer


def place(route: str, told: dict[str, Any], store: Connection) -> str:  # noqa: F811
    """Return the address with its ids and the connection that is meant."""
    return matrix.path(route, told | {"connection_id": store.store_id}) + with_connection(route, store)


def test_the_bodies_that_are_changed_are_taken_as_they_are(
    all_scopes: Client,
    known: dict[str, Any],  # noqa: F811
    store: Connection,  # noqa: F811
) -> None:
    for method, route, body in requests(store):
        answer = sent(all_scopes, method, place(route, known, store), written(body))
        assert answer.status_code < 300, (method, route, answer.content)
        assert "errors" not in json.loads(answer.content) or not json.loads(answer.content)["errors"], answer.content


@few
@given(data=st.data())
def test_a_body_with_anything_in_it_is_taken_or_refused(
    all_scopes: Client,
    known: dict[str, Any],  # noqa: F811
    store: Connection,  # noqa: F811
    data: st.DataObject,
) -> None:
    method, route, body = data.draw(st.sampled_from(requests(store)))
    sent(all_scopes, method, place(route, known, store), written(data.draw(mutated(deepcopy(body)))))


def test_a_body_that_is_no_honest_json_is_refused_everywhere(
    all_scopes: Client,
    known: dict[str, Any],  # noqa: F811
    store: Connection,  # noqa: F811
) -> None:
    for method, route in dict.fromkeys((method, route) for method, route, _ in requests(store)):
        for body in BODIES.values():
            sent(all_scopes, method, place(route, known, store), body)


@few
@given(data=st.data())
def test_a_question_with_anything_in_its_address_is_answered_or_refused(
    all_scopes: Client,
    known: dict[str, Any],  # noqa: F811
    store: Connection,  # noqa: F811
    data: st.DataObject,
) -> None:
    ApiKey.objects.update(full_at=0)
    _, route = data.draw(st.sampled_from(READ))
    texts = TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
    answer = all_scopes.get(
        place(route, known, store).split("?")[0], data.draw(st.dictionaries(NAMES, texts, max_size=3))
    )
    assert answer.status_code < 500


@pytest.fixture
def administrator(known: dict[str, Any]) -> Client:  # noqa: F811
    browser = Client()
    browser.force_login(member("Administrator"))
    return browser


def posted(browser: Client, path: str, body: bytes) -> None:
    with transaction.atomic():
        answer = browser.generic("POST", path, body, content_type="application/json")
        transaction.set_rollback(True)
    assert answer.status_code < 500


@few
@given(data=st.data())
def test_what_scripts_of_our_pages_post_may_be_anything(
    administrator: Client,
    known: dict[str, Any],  # noqa: F811
    data: st.DataObject,
) -> None:
    route, body = data.draw(st.sampled_from(PAGES))
    posted(administrator, matrix.path(route, known), written(data.draw(mutated(deepcopy(body)))))


def test_no_page_fails_over_a_body_that_is_no_honest_json(administrator: Client, known: dict[str, Any]) -> None:  # noqa: F811
    for route, _ in PAGES:
        for body in BODIES.values():
            posted(administrator, matrix.path(route, known), body)
