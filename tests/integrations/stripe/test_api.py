"""Asking Stripe: every fault is told apart, in words, and no secret is in them."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from integrations.models import Connection
from integrations.problems import Problem
from integrations.providers.base import ProviderError
from integrations.providers.stripe import api
from integrations.sandbox.routing import Row
from integrations.sandbox.server import serve
from integrations.sandbox.wire import Answer, json_answer
from tests.integrations.conftest import KEY
from tests.integrations.shops import ServedShop

NEEDED = ("subscriptions", "customers", "invoices", "payment_methods", "products", "prices")


def refused(connection: Connection, path: str = "subscriptions") -> ProviderError:
    with pytest.raises(ProviderError) as error:
        api.get(connection, path)
    assert KEY not in str(error.value)
    return error.value


def test_an_answer_is_plain_json_and_its_parameters_arrive(connection: Connection, shop: ServedShop) -> None:
    answer = api.get(connection, "subscriptions", limit=3, status="all", expand=["data.customer"])
    assert [one["id"] for one in answer["data"]] == shop.ids()[:3]
    assert answer["data"][0]["customer"]["object"] == "customer"


@pytest.mark.parametrize(
    ("faults", "problem", "permanent"),
    [
        ({"forbidden": ["rak_subscription_read"]}, Problem.PERMISSION, False),
        ({"answer_429": 1}, Problem.RATE_LIMITED, False),
        ({"answer_500": 1}, Problem.STORE_FAULT, False),
        ({"answer_html": 1}, Problem.NOT_A_STORE, False),
    ],
)
def test_each_fault_of_the_store_is_its_own_problem(
    connection: Connection, shop: ServedShop, faults: dict[str, Any], problem: Problem, permanent: bool
) -> None:
    shop.faults.apply(faults)
    error = refused(connection)
    assert (error.problem, error.permanent) == (problem, permanent)
    assert "<" not in error.detail


def test_a_wrong_key_is_refused_and_not_repeated_in_full(connection: Connection) -> None:
    connection.api_key = "rk_test_somebody_elses_and_long"
    error = refused(connection)
    assert error.problem is Problem.KEY_REFUSED
    assert connection.api_key not in str(error)


def test_what_does_not_exist_is_a_permanent_refusal(connection: Connection) -> None:
    error = refused(connection, "subscriptions/sub_nobody")
    assert (error.problem, error.permanent) == (Problem.REFUSED, True)
    assert "sub_nobody" in error.detail


def test_a_store_that_is_away_is_unreachable(connection: Connection) -> None:
    connection.api_address = "http://127.0.0.1:1"
    assert refused(connection).problem is Problem.UNREACHABLE


def test_a_store_that_hangs_is_given_up_after_the_set_time(
    connection: Connection, shop: ServedShop, settings: LazySettings
) -> None:
    settings.STORE_TIMEOUT = 0.2
    shop.faults.hang = 30
    assert refused(connection).problem is Problem.UNREACHABLE


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"login": "please"}),
        json_answer([1]),
        json_answer("welcome"),
        json_answer({"object": "list"}, status=201),
        Answer(body=b""),
        Answer(status=204),
        Answer(status=302),
    ],
)
def test_something_else_that_answers_is_no_store(connection: Connection, answer: Answer) -> None:
    with serve(_Portal(answer)) as portal:
        connection.api_address = portal.address
        assert refused(connection).problem is Problem.NOT_A_STORE


def test_a_wait_that_the_store_asks_for_holds_every_process(connection: Connection, shop: ServedShop) -> None:
    shop.faults.apply({"answer_429": 1, "retry_after": 7})
    now = time.time()
    assert refused(connection).retry_after == 7
    assert Connection.objects.get().next_request_at >= now + 7


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("9999999", 600.0), ("soon", None), ("", None)])
def test_only_a_sensible_number_of_seconds_is_waited_for(
    connection: Connection, header: str, seconds: float | None
) -> None:
    answer = Answer(status=429, body=b'{"error": {"message": "Slow down"}}', headers={"Retry-After": header})
    with serve(_Portal(answer)) as portal:
        connection.api_address = portal.address
        assert refused(connection).retry_after == seconds


def test_the_check_asks_for_one_of_everything_that_is_needed(connection: Connection, shop: ServedShop) -> None:
    api.check(connection)
    assert shop.requested == {("GET", f"/v1/{name}"): 1 for name in NEEDED}


@pytest.mark.parametrize(
    "permission",
    [f"rak_{name}_read" for name in ("subscription", "customer", "invoice", "payment_method", "product", "plan")],
)
def test_the_check_finds_each_permission_that_is_missing(
    connection: Connection, shop: ServedShop, permission: str
) -> None:
    shop.faults.forbidden = [permission]
    with pytest.raises(ProviderError) as error:
        api.check(connection)
    assert error.value.problem is Problem.PERMISSION
    assert permission in error.value.detail


class _Portal(ServedShop):
    """Whatever is asked, the same answer."""

    def __init__(self, answer: Answer) -> None:
        self._same = answer
        super().__init__(subscriptions=0)

    def routes(self) -> list[Row]:
        always: Callable[..., Answer] = lambda _request, **_parts: self._same  # noqa: E731
        return [("GET", "/v1/{name}", always)]
