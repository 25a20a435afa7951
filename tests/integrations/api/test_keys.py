"""Keys that end by themselves, and strangers who try many."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.api import strangers
from integrations.api import keys
from integrations.models import ApiKey, Connection
from tests.integrations.api.plugin import GRAPHQL, Plugin
from tests.statements import statements

BURST = strangers.STRANGERS.burst
ADDRESSES = ("/api/v1/connections", "/api/3/connections", GRAPHQL, "/api/v1/schema/")


def expire(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def days_left(key: ApiKey) -> int | None:
    return key.expires_at and round((key.expires_at - timezone.now()) / timedelta(days=1))


# ---- their end


def test_an_expired_key_is_refused_in_words_and_in_each_address_own_form(plugin: Plugin) -> None:
    expire(plugin.key)
    answer = plugin.get("/connections")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert "This key expired at 20" in answer.json()["detail"]
    older = Client(headers={"Api-Token": plugin.secret}).get("/api/3/connections")
    assert older.status_code == 403
    assert "This key expired at 20" in older.json()["errors"][0]["title"]


def test_a_wrong_key_is_not_told_that_another_has_expired(plugin: Plugin) -> None:
    expire(plugin.key)
    plugin.secret += "x"
    assert "expired" not in plugin.get("/connections").json()["detail"]


def test_a_key_lives_until_its_day(plugin: Plugin, shop_connection: Connection) -> None:
    assert plugin.key.expires_at is None
    key, secret = keys.issue(shop_connection, name="short", days=30)
    plugin.secret = secret
    assert days_left(key) == 30
    assert plugin.get("/connections").status_code == 200


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_life_that_is_none_is_refused(shop_connection: Connection, days: int) -> None:
    with pytest.raises(ValueError, match="lives 1 to 3650 days"):
        keys.issue(shop_connection, name="x", days=days)


@pytest.mark.parametrize(("chosen", "left"), [("", None), ("30", 30), ("90", 90), ("365", 365), ("31", None)])
def test_the_page_makes_keys_of_the_offered_lives(
    administrator: User, shop_connection: Connection, chosen: str, left: int | None
) -> None:
    browser = Client()
    browser.force_login(administrator)
    browser.post(reverse("admin:key_issue", args=[shop_connection.pk]), {"name": "page", "days": chosen})
    assert days_left(ApiKey.objects.get(name="page")) == left


def test_the_page_says_when_a_key_ends_and_that_it_has(administrator: User, shop_connection: Connection) -> None:
    browser = Client()
    browser.force_login(administrator)
    address = reverse("admin:integrations_connection_change", args=[shop_connection.pk])
    key, _ = keys.issue(shop_connection, name="short", days=12)
    assert "expires in 12 days" in " ".join(browser.get(address).content.decode().split())
    expire(key)
    page = browser.get(address).content.decode()
    assert ">Expired<" in page
    assert "expires in" not in page


def test_a_connection_whose_only_key_has_expired_lacks_one(plugin: Plugin, shop_connection: Connection) -> None:
    assert shop_connection.lacks == ""
    expire(plugin.key)
    assert shop_connection.lacks == "key"


def test_the_command_makes_keys_that_expire(db: None, capsys: Any) -> None:
    call_command("connect", "api", name="Shop", key_name="k", key_expires_in=90)
    assert days_left(ApiKey.objects.get(name="k")) == 90
    assert "The key expires on 20" in capsys.readouterr().err
    with pytest.raises(CommandError, match="--key-expires-in must be 1 to 3650 days"):
        call_command("connect", "api", name="Shop", key_expires_in=0)


# ---- strangers


def knock(path: str, *, address: str = "192.0.2.1", **headers: str) -> Any:
    client = Client(headers=headers, REMOTE_ADDR=address)
    return client.post(path, {}, content_type="application/json") if path == GRAPHQL else client.get(path)


@pytest.mark.parametrize("headers", [{}, {"Api-Token": "rit_00000000_wrong"}])
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_burst_of_wrong_keys_is_told_to_wait(plugin: Plugin, path: str, headers: dict[str, str]) -> None:
    answers = [knock(path, **headers) for _ in range(BURST + 2)]
    assert {answer.status_code for answer in answers[:BURST]} <= {401, 403}
    assert [answer.status_code for answer in answers[BURST:]] == [429, 429]
    assert answers[-1]["Retry-After"] == "3"
    assert b"with a wrong key" in answers[-1].content
    assert knock(path, address="198.51.100.7", **headers).status_code in (401, 403)


def test_good_keys_are_not_slowed_down_by_strangers_and_pay_nothing_for_them(plugin: Plugin) -> None:
    for _ in range(BURST + 1):
        stranger = knock("/api/v1/connections")
    with statements() as found:
        good = knock("/api/v1/connections", Authorization=f"Bearer {plugin.secret}")
    assert (stranger.status_code, good.status_code) == (429, 200)
    assert not any("limits_allowance" in sql for sql in found)


def test_a_wrong_key_costs_one_statement_more_than_looking_it_up(db: None) -> None:
    for _ in range(BURST + 2):
        with statements() as found:
            knock("/api/v1/connections", Authorization="Bearer rit_00000000_wrong")
        assert len(found) == 2


def test_an_unknown_webhook_address_costs_one_look_and_writes_nothing(db: None) -> None:
    with statements() as found:
        answer = Client().post("/hooks/stripe/unknown/", "{}", content_type="application/json")
    assert (answer.status_code, len(found)) == (404, 1)
    assert found[0].strip().startswith("SELECT")
