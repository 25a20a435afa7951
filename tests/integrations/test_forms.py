"""A connection's form: secrets go in and never come out, and what the store refuses is refused in words."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrations.forms import ConnectionForm
from integrations.models import Connection
from subscriptions.models import RecurringPayment, Store
from tests.integrations.conftest import KEY
from tests.integrations.contracts import CONTRACTS, SECRET, deliver, made
from tests.integrations.running import until
from tests.integrations.shops import ServedShop

ADD = reverse("setup_connect", args=["stripe"])


def page(connection: Connection) -> str:
    return reverse("admin:integrations_connection_change", args=[connection.pk])


def fields(shop: ServedShop | None = None, /, **changes: str) -> dict[str, str]:
    """Fill the form in."""
    usual = {"name": "Shop", "api_key": "", "webhook_secret": "", "requests_per_second": "20"}
    return usual | {"api_address": shop.address if shop else ""} | changes


def errors(answer: Any) -> dict[str, list[str]]:
    """Return what the form complains of; empty once it is content and sends on."""
    if answer.status_code == 302:
        return {}
    shown = answer.context.get("adminform")
    return dict((shown.form if shown else answer.context["form"]).errors)


# Adding


def test_a_store_is_connected_with_a_key_that_works(administrators: Client, shop: ServedShop) -> None:
    answer = administrators.post(ADD, fields(shop, api_key=f" {KEY} "))
    made_now = Connection.objects.get()
    assert errors(answer) == {}
    assert (made_now.name, made_now.provider_name, made_now.livemode) == ("Shop", "stripe", False)
    assert (made_now.api_key, made_now.is_set_up) == (KEY, False)
    assert made_now.store.payment_page.startswith(shop.address)
    assert len(shop.requests) == 6


@pytest.mark.parametrize(
    ("changes", "faults", "words"),
    [
        ({"api_key": "rk_test_wrong"}, {}, "The store refuses the API key."),
        ({}, {"answer_html": 9}, "Something answers at the store's address, but not the store's API."),
        ({}, {"forbidden": ["rak_plan_read"]}, "rak_plan_read"),
        ({}, {"answer_500": 9}, "The store answers with a fault of its own."),
        ({"api_address": "http://127.0.0.1:1"}, {}, "The store cannot be reached."),
    ],
)
def test_a_key_that_does_not_work_is_refused_at_its_field_and_nothing_is_kept(
    administrators: Client, shop: ServedShop, changes: dict[str, str], faults: dict[str, Any], words: str
) -> None:
    shop.faults.apply(faults)
    answer = administrators.post(ADD, fields(shop, **{"api_key": KEY} | changes))
    assert list(errors(answer)) == ["api_key"]
    assert words in errors(answer)["api_key"][0]
    assert (Connection.objects.count(), Store.objects.count()) == (0, 0)


def test_a_store_without_a_key_is_connected_untried(administrators: Client) -> None:
    assert errors(administrators.post(ADD, fields())) == {}
    assert Connection.objects.get().lacks == "key"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"requests_per_second": "0"}, "requests_per_second"),
        ({"requests_per_second": "-3"}, "requests_per_second"),
        ({"requests_per_second": "many"}, "requests_per_second"),
        ({"api_address": "nowhere"}, "api_address"),
        ({"status:paused": "frozen"}, "status:paused"),
    ],
)
def test_what_is_no_value_is_told_at_its_field_before_the_store_is_asked(
    administrators: Client, keyless: Connection, shop: ServedShop, changes: dict[str, str], field: str
) -> None:
    assert list(errors(administrators.post(page(keyless), fields(shop, api_key=KEY) | changes))) == [field]
    assert not shop.requests


def test_two_connections_of_one_kind_have_two_names(administrators: Client, keyless: Connection) -> None:
    assert errors(administrators.post(ADD, fields())) == {"name": ["Another connection has this name."]}
    assert errors(administrators.post(page(keyless), fields())) == {}


def test_a_store_that_lost_its_connection_is_taken_up_again_with_its_payments(
    administrators: Client, keyless: Connection
) -> None:
    store = keyless.store
    RecurringPayment.objects.create(store=store, store_recurring_payment_id="sub_1", as_of=timezone.now())
    keyless.delete()
    assert errors(administrators.post(ADD, fields())) == {}
    assert (Connection.objects.get().store, Store.objects.count()) == (store, 1)


# Changing


def test_empty_secrets_keep_the_present_ones(administrators: Client, connection: Connection, shop: ServedShop) -> None:
    assert errors(administrators.post(page(connection), fields(shop, name="New name"))) == {}
    kept = Connection.objects.get()
    assert (kept.name, kept.api_key, kept.webhook_secrets()) == ("New name", KEY, [SECRET])
    assert not shop.requests


def test_a_new_webhook_secret_leaves_the_old_one_valid_for_a_day(
    administrators: Client, connection: Connection, shop: ServedShop
) -> None:
    administrators.post(page(connection), fields(shop, webhook_secret="whsec_new"))
    assert Connection.objects.get().webhook_secrets() == ["whsec_new", SECRET]


def test_a_wrong_new_key_leaves_the_old_one(administrators: Client, connection: Connection, shop: ServedShop) -> None:
    answer = administrators.post(page(connection), fields(shop, api_key="rk_test_wrong", name="New name"))
    assert list(errors(answer)) == ["api_key"]
    assert (Connection.objects.get().api_key, Connection.objects.get().name) == (KEY, "Shop")


def test_a_new_address_is_tried_with_the_key_that_is_there(administrators: Client, connection: Connection) -> None:
    answer = administrators.post(page(connection), fields(api_address="http://127.0.0.1:1"))
    assert "cannot be reached" in errors(answer)["api_key"][0]


def test_a_key_that_works_again_ends_the_trouble(
    administrators: Client, connection: Connection, shop: ServedShop
) -> None:
    Connection.objects.update(problem="key_refused", problem_at=timezone.now())
    administrators.post(page(connection), fields(shop, api_key=KEY))
    assert Connection.objects.get().problem == ""


def test_the_stored_secrets_never_reach_the_page(administrators: Client, connection: Connection) -> None:
    content = administrators.get(page(connection)).content.decode()
    assert KEY not in content
    assert SECRET not in content
    assert content.count("Leave empty to keep the present one.") == 2


def test_while_the_store_is_being_asked_webhooks_are_taken(
    administrators: Client, connection: Connection, shop: ServedShop
) -> None:
    shop.faults.hang = 600

    def add() -> None:
        administrators.post(ADD, fields(shop, name="Second shop", api_key=KEY))
        connections.close_all()

    adding = threading.Thread(target=add)
    adding.start()
    until(lambda: shop.requests)
    event = CONTRACTS["stripe"].news("sub_1", "active", datetime(2026, 10, 20, tzinfo=UTC))
    assert deliver(connection, event).status_code == 200
    assert adding.is_alive()
    shop.close()
    adding.join()


# What the store's words mean


def test_rows_of_the_status_table_are_overridden_and_set_back(administrators: Client, keyless: Connection) -> None:
    chosen = {"status:past_due": "active", "status:live:pause_collection": "active"}
    administrators.post(page(keyless), fields(**chosen))
    assert Connection.objects.get().status_overrides == {"past_due": "active", "live:pause_collection": "active"}
    administrators.post(page(keyless), fields())
    assert Connection.objects.get().status_overrides == {}


def test_a_word_that_nobody_knew_can_be_given_a_meaning(administrators: Client, keyless: Connection) -> None:
    deliver(keyless, CONTRACTS["stripe"].news("sub_1", "flux", datetime(2026, 10, 20, tzinfo=UTC)))
    RecurringPayment.objects.create(
        store=keyless.store, store_recurring_payment_id="sub_1", store_status="flux", as_of=timezone.now()
    )
    assert 'name="status:flux"' in administrators.get(page(keyless)).content.decode()
    administrators.post(page(keyless), fields(**{"status:flux": "paused"}))
    assert Connection.objects.get().status_overrides == {"flux": "paused"}
    content = administrators.get(page(keyless)).content.decode()
    assert ('name="status:flux"' in content, "data-unknown-status" in content) == (True, False)


# Addresses of pretend shops


def test_only_where_pretend_shops_are_can_an_address_be_entered(settings: LazySettings, keyless: Connection) -> None:
    assert "api_address" in ConnectionForm().fields
    settings.SANDBOX = False
    assert "api_address" not in ConnectionForm().fields
    assert "api_address" not in ConnectionForm(instance=keyless).fields


def test_without_pretend_shops_a_connection_is_saved_all_the_same(
    administrators: Client, settings: LazySettings
) -> None:
    connection = made("stripe")
    settings.SANDBOX = False
    filled = fields(name="New name")
    del filled["api_address"]
    assert errors(administrators.post(page(connection), filled)) == {}
    assert Connection.objects.get().name == "New name"


def test_saving_leaves_alone_what_processes_keep_on_the_row(administrators: Client, connection: Connection) -> None:
    def meanwhile(**row: Any) -> None:
        Connection.objects.filter(pk=connection.pk).update(**row)

    form = ConnectionForm(fields(external_id_key="order"), instance=connection)
    assert form.is_valid(), form.errors
    meanwhile(next_request_at=99.0, problem="rate_limited")
    form.save()
    kept = Connection.objects.get()
    assert (kept.external_id_key, kept.next_request_at, kept.problem) == ("order", 99.0, "rate_limited")
