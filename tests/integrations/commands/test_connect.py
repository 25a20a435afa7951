"""manage.py connect: one command makes a connection, and nothing half-made stays."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.audit.log import about
from config.audit.sentences import fields
from integrations.models import Connection
from subscriptions.models import Store
from tests.integrations.conftest import KEY
from tests.integrations.shops import ServedShop

CAPTURED = pytest.CaptureFixture[str]


def run(*arguments: str, **options: Any) -> None:
    call_command("connect", "stripe", "--name", options.pop("name", "Shop"), *arguments)


def test_it_checks_the_key_connects_and_prints_the_webhook_address(
    db: None, shop: ServedShop, capsys: CAPTURED
) -> None:
    run("--api-key", KEY, "--webhook-secret", "whsec_1", "--api-address", f"{shop.address}/")
    made, said = Connection.objects.get(), capsys.readouterr()
    assert (made.api_key, made.webhook_secret, made.livemode, made.api_address) == (KEY, "whsec_1", False, shop.address)
    assert said.out.strip() == made.webhook_url
    assert said.err.startswith("Connected Shop.")
    assert len(shop.requests) == 6


@pytest.mark.parametrize(
    ("arguments", "livemode"),
    [
        (["--api-key", "rk_live_1"], True),
        (["--api-key", "rk_test_1"], False),
        (["--api-key", "sk_test_1"], False),
        (["--test-mode"], False),
        (["--api-key", "rk_live_1", "--test-mode"], False),
        ([], True),
    ],
)
def test_the_key_tells_the_mode(db: None, arguments: list[str], livemode: bool) -> None:
    run("--no-check", *arguments)
    assert Connection.objects.get().livemode is livemode


def test_the_same_name_again_changes_what_is_given_and_keeps_the_rest(
    db: None, shop: ServedShop, capsys: CAPTURED
) -> None:
    run("--api-key", KEY, "--webhook-secret", "whsec_1", "--api-address", shop.address)
    run("--webhook-secret", "whsec_2", "--external-id-key", "order")
    made = Connection.objects.get()
    assert (made.api_key, made.external_id_key, made.livemode) == (KEY, "order", False)
    assert made.webhook_secrets() == ["whsec_2", "whsec_1"]
    assert "Updated Shop." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({}, "refuses the API key"),
        ({"answer_html": 9}, "but not the store's API"),
        ({"forbidden": ["rak_invoice_read"]}, "rak_invoice_read"),
    ],
)
def test_a_key_that_does_not_work_is_told_in_words_and_leaves_nothing(
    db: None, shop: ServedShop, faults: dict[str, Any], words: str
) -> None:
    shop.faults.apply(faults)
    key = KEY if faults else "rk_test_wrong"
    with pytest.raises(CommandError, match=words):
        run("--api-key", key, "--api-address", shop.address)
    assert (Connection.objects.count(), Store.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("faults", "problem"), [({"answer_500": 9}, "store_fault"), ({"answer_429": 9}, "rate_limited")]
)
def test_a_store_in_passing_trouble_is_connected_and_the_trouble_told(
    db: None, shop: ServedShop, capsys: CAPTURED, faults: dict[str, Any], problem: str
) -> None:
    shop.faults.apply(faults)
    run("--api-key", KEY, "--api-address", shop.address)
    made, said = Connection.objects.get(), capsys.readouterr()
    assert (made.api_key, made.problem) == (KEY, problem)
    assert said.err.startswith(f"The credentials could not be tried. {made.get_problem_display()}")
    assert said.out.strip() == made.webhook_url


def test_a_store_that_is_away_is_connected_and_read_once_it_is_back(
    transactional_db: None, shop: ServedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--api-key", KEY, "--api-address", "http://127.0.0.1:1")
    assert Connection.objects.get().problem == "unreachable"
    run("--api-address", shop.address)
    call_command("sync", "Shop")
    made = Connection.objects.get()
    assert (made.problem, made.store.recurring_payments.count()) == ("", 30)


@pytest.mark.parametrize("change", [["--api-key", "rk_test_wrong"], ["--api-address", "http://127.0.0.1:1"]])
def test_a_change_that_does_not_work_leaves_the_connection_as_it_was(
    db: None, shop: ServedShop, change: list[str]
) -> None:
    run("--api-key", KEY, "--api-address", shop.address)
    with pytest.raises(CommandError):
        run(*change)
    kept = Connection.objects.get()
    assert (kept.api_key, kept.api_address) == (KEY, shop.address)


def test_the_resources_of_a_paypal_account_are_chosen(db: None) -> None:
    call_command("connect", "paypal", "--name", "PayPal", "--resources", "orders, orders")
    assert Connection.objects.get().resources == ["orders"]
    call_command("connect", "paypal", "--name", "PayPal", "--sandbox")
    assert Connection.objects.get().resources == ["orders"]
    call_command("connect", "paypal", "--name", "PayPal", "--resources", "subscriptions,orders")
    assert Connection.objects.get().resources == ["subscriptions", "orders"]
    told = [fields(entry) for entry in about(Connection.objects.get())]
    assert told == ["resources", "live mode", "resources"]


@pytest.mark.parametrize("names", ["", ",", "invoices", "orders,invoices"])
def test_a_resource_that_there_is_not_is_refused_in_words(db: None, names: str) -> None:
    with pytest.raises(CommandError, match="one or more of subscriptions, orders"):
        call_command("connect", "paypal", "--name", "PayPal", "--resources", names)
    assert not Connection.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_has_one_to_two_hundred_characters(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="1 to 200"):
        run(name=name)


@pytest.mark.parametrize("address", ["nowhere", "ftp://127.0.0.1", "http://"])
def test_an_address_is_an_address(db: None, address: str) -> None:
    with pytest.raises(CommandError, match="is no address"):
        run("--api-address", address)
    assert not Store.objects.exists()


def test_an_unknown_kind_of_store_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("connect", "etsy", "--name", "Shop")
