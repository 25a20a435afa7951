"""Whoever posts too often to an address that is open to strangers is told to wait, and for how long."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from automations.email import addresses
from automations.models import Message
from config.limits import allowances
from config.limits.models import Allowance
from tests.config.test_matrix import known, store  # noqa: F401
from tests.integrations.api.plugin import GRAPHQL

pytestmark = pytest.mark.django_db
API = {"content_type": "application/json", "headers": {"Authorization": "Bearer wrong"}}
type Try = Callable[[Client], Any]


def _of_message(purpose: str) -> Try:
    return lambda client: client.post(f"/e/{purpose}/{addresses.token(purpose, Message.objects.get().number)}")


# What strangers may post to, and how often at once at most.
OPEN: dict[str, tuple[Try, int]] = {
    "sign in": (lambda client: client.post("/admin/login/", {"username": "ada", "password": "wrong"}), 10),
    "API": (lambda client: client.post("/api/v1/recurring-payments/bulk", {}, **API), 20),
    "older API": (lambda client: client.post("/api/3/connections", {}, **API), 20),
    "GraphQL": (lambda client: client.post(GRAPHQL, {}, **API), 20),
    "unsubscribe": (_of_message(addresses.UNSUBSCRIBE), 60),
    "preferences": (_of_message(addresses.PREFERENCES), 60),
    "confirm": (lambda client: client.post("/confirm/made-up/"), 60),
}


@pytest.mark.parametrize("place", OPEN)
def test_a_burst_is_told_to_wait(known: dict[str, Any], place: str, monkeypatch: Any) -> None:  # noqa: F811
    monkeypatch.setattr(
        allowances, "time", SimpleNamespace(time=lambda: 1_800_000_000.0)
    )  # however slow the machine is
    post, burst = OPEN[place]
    stranger = Client(REMOTE_ADDR="192.0.2.9")
    answers = [post(stranger) for _ in range(burst + 1)]
    assert 429 not in {answer.status_code for answer in answers[:burst]}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1]["Retry-After"]) <= 90
    assert post(Client(REMOTE_ADDR="192.0.2.10")).status_code != 429
    Allowance.objects.update(full_at=0)
    assert post(stranger).status_code != 429
