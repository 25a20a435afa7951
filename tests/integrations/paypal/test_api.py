"""Asking PayPal: one token for many questions, and every fault told apart."""

import threading
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.db import connections

from integrations import inbox
from integrations.models import Connection
from integrations.problems import Problem
from integrations.providers.base import ProviderError
from integrations.providers.paypal import api
from integrations.sandbox.paypal.tokens import SUBSCRIPTIONS
from tests.integrations.paypal.conftest import connected, deliver_update
from tests.integrations.running import until
from tests.integrations.shops import ServedPayPal, certified, served

TOKEN = ("POST", "/v1/oauth2/token")


@pytest.fixture(autouse=True)
def no_token() -> None:
    """No token is known from another test."""
    api._tokens.clear()


def living(account: ServedPayPal) -> str:
    return str(next(one["id"] for one in account.store["subscription"] if one["status"] == "ACTIVE"))


def asked(connection: Connection, account: ServedPayPal) -> dict[str, object]:
    return api.get(connection, f"v1/billing/subscriptions/{living(account)}", fields="plan")


def refused(connection: Connection, path: str) -> ProviderError:
    with pytest.raises(ProviderError) as error:
        api.get(connection, path)
    return error.value


def test_one_token_serves_many_questions_and_the_plan_comes_along(
    connection: Connection, account: ServedPayPal
) -> None:
    assert all("plan" in asked(connection, account) for _ in range(3))
    assert account.requested[TOKEN] == 1


def test_a_token_is_renewed_before_its_end(connection: Connection, account: ServedPayPal) -> None:
    account.tokens._lasting = 50
    for _ in range(2):
        asked(connection, account)
        api._tokens = {who: (token, 0.0) for who, (token, _) in api._tokens.items()}
    assert account.requested[TOKEN] == 2


def test_each_account_has_a_token_of_its_own(connection: Connection, account: ServedPayPal) -> None:
    asked(connection, account)
    connection.api_key = "wrong"
    assert refused(connection, "v1/billing/plans/P-1").problem is Problem.KEY_REFUSED


@pytest.mark.parametrize(
    ("faults", "problem", "permanent"),
    [
        ({"answer_429": 1}, Problem.RATE_LIMITED, False),
        ({"answer_500": 1}, Problem.STORE_FAULT, False),
        ({"answer_html": 1}, Problem.NOT_A_STORE, False),
        ({"forbidden": [SUBSCRIPTIONS]}, Problem.PERMISSION, False),
        ({}, Problem.NOT_FOUND, True),
    ],
)
def test_each_fault_has_its_problem(
    connection: Connection, account: ServedPayPal, faults: dict[str, object], problem: Problem, permanent: bool
) -> None:
    asked(connection, account)
    account.faults.apply(faults)
    error = refused(connection, "v1/billing/subscriptions/I-GONE")
    assert (error.problem, error.permanent) == (problem, permanent)
    assert connection.api_key not in error.words


def test_an_account_that_is_away_is_unreachable(connection: Connection) -> None:
    connection.api_address = "http://127.0.0.1:1"
    assert refused(connection, "v1/billing/plans/P-1").problem is Problem.UNREACHABLE


def test_an_account_that_hangs_is_given_up_after_the_set_time(
    connection: Connection, account: ServedPayPal, settings: LazySettings
) -> None:
    settings.STORE_TIMEOUT = 0.2
    account.faults.hang = 30
    assert refused(connection, "v1/billing/plans/P-1").problem is Problem.UNREACHABLE


@pytest.fixture
def other(transactional_db: None) -> Iterator[ServedPayPal]:
    """A second account."""
    with served(shop := certified(ServedPayPal(seed=8, subscriptions=20))):
        yield shop


def test_an_account_whose_token_hangs_holds_up_no_other_account(
    connection: Connection, account: ServedPayPal, other: ServedPayPal
) -> None:
    hanging = connected(other, "Hanging account")
    for one in list(other.store["subscription"])[:6]:
        deliver_update(hanging, one["id"])
    other.faults.apply({"hang": 600, "hang_next": 1000})

    def work() -> None:
        inbox.process()
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    until(lambda: other.requested[TOKEN])
    deliver_update(connection, living(account))
    until(lambda: connection.deliveries.filter(state="applied").count() == 1)
    assert worker.is_alive()
    assert set(hanging.deliveries.values_list("state", flat=True)) == {"waiting"}
    other.close()
    worker.join()
