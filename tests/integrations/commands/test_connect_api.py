"""manage.py connect api: a connection and its key, told once."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from integrations.api import keys
from integrations.models import ApiKey, Connection, Delivery
from tests.integrations.contracts import address

CAPTURED = pytest.CaptureFixture[str]


def run(capsys: CAPTURED, *arguments: str) -> tuple[str, str]:
    """Run the command, and return what it says and tells beside it."""
    call_command("connect", "api", *arguments)
    said = capsys.readouterr()
    return said.out, said.err


def test_it_connects_and_prints_the_key_alone_on_its_line(db: None, capsys: CAPTURED) -> None:
    out, err = run(capsys, "--name", "Shop")
    [secret] = out.splitlines()
    made, key = Connection.objects.get(), ApiKey.objects.get()
    assert (made.name, made.provider_name, key.connection, key.scopes) == ("Shop", "api", made, ["read", "write"])
    assert keys.find(secret) == key
    assert secret not in err
    assert f"legacyConnectionId is {made.store_id}" in err


def test_the_same_name_again_makes_a_further_key(db: None, capsys: CAPTURED) -> None:
    run(capsys, "--name", "Shop")
    out, err = run(capsys, "--name", "Shop", "--key-name", "reader", "--scopes", "read")
    key = keys.find(out.strip())
    assert key is not None
    assert (key.name, key.scopes, Connection.objects.count()) == ("reader", ["read"], 1)
    assert "A further key for Shop" in err


def test_a_key_of_the_account_has_no_connection(db: None, capsys: CAPTURED) -> None:
    out, _ = run(capsys, "--account", "--key-name", "plugins")
    key = keys.find(out.strip())
    assert key is not None
    assert (key.connection, key.name) == (None, "plugins")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--name", "  "],
        ["--name", "Shop", "--account"],
        ["--name", "x" * 201],
        ["--account", "--scopes", "admin"],
        ["--account", "--scopes", ""],
    ],
)
def test_what_it_cannot_make_is_told_in_words_and_leaves_nothing(db: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("connect", "api", *arguments)
    assert (Connection.objects.count(), ApiKey.objects.count()) == (0, 0)


def test_such_a_store_has_no_webhook_address(db: None, capsys: CAPTURED) -> None:
    run(capsys, "--name", "Shop")
    answer = Client().post(address(Connection.objects.get()), b"{}", content_type="application/json")
    assert (answer.status_code, Delivery.objects.count()) == (404, 0)


def test_such_a_store_has_no_history(db: None, capsys: CAPTURED) -> None:
    run(capsys, "--name", "Shop")
    with pytest.raises(CommandError, match="no history"):
        call_command("sync", "Shop")
