"""The set-up when something else happens: names of all kinds, two at once, clicks twice, stores that go meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from config.audit.log import about
from contacts.models import ContactList
from integrations import disconnecting, reconciling
from integrations.connecting import Credentials, connect
from integrations.models import Connection, HistoricalSync
from integrations.providers import PROVIDERS
from tests.integrations.conftest import KEY
from tests.integrations.contracts import CONTRACTS, deliver
from tests.integrations.setup.test_setup import STRIPE, at, begun, marks, shown
from tests.integrations.shops import ServedShop

STEPS = ("credentials", "resource", "options", "finish", "progress")
VERBS = ("webhook_register", "webhook_rotate", "connection_pause", "connection_resume", "sync_start", "sync_cancel",
         "sync_resume", "reconcile_start", "key_issue")  # fmt: skip
NAMES = [
    "x" * 200,
    "متجر الكتب",
    "🛍️ Shop 🧁",
    '<img src=x onerror="alert(1)">',
    "100 % %(who)s {{ name }}",
    "O’Brien & Söhne",
]


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_store_is_called_it_is_set_up_paused_and_disconnected(administrators: Client, name: str) -> None:
    made = begun(administrators, "api", name=name)
    administrators.post(at("options", made), {"new_list": f"{name[:90]} list"})
    pages = [at(step, made) for step in ("credentials", "resource", "finish")]
    pages += [reverse("connected_apps"), reverse("admin:audit_entry_changelist")]
    tabs = [reverse(f"admin:connection_{tab}", args=[made.pk]) for tab in ("inbox", "history", "audit", "disconnect")]
    for page in pages + tabs:
        told = shown(administrators, page)
        assert (escape(name) in told, "<img src=x" in told, page) == (True, False, page)
    for verb in ("pause", "resume"):
        answer = administrators.post(reverse(f"admin:connection_{verb}", args=[made.pk]), follow=True)
        assert answer.status_code == 200
    administrators.post(tabs[-1], {"payments": "remove", "name": name[:-1]})
    assert Connection.objects.filter(leaving="").count() == 1
    administrators.post(tabs[-1], {"payments": "remove", "name": name})
    assert not Connection.objects.exists()


def test_a_name_that_is_taken_while_the_store_is_asked_is_refused(
    administrators: Client, shop: ServedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_connection: Connection) -> None:
        connect("stripe", name="Our Stripe", credentials=Credentials())

    provider: Any = PROVIDERS["stripe"]
    monkeypatch.setitem(PROVIDERS, "stripe", provider.__class__(**_fields(provider) | {"check": taken}))
    page = administrators.post(at("connect", None, "stripe"), STRIPE | {"api_address": shop.address}).content.decode()
    assert ("Another connection has this name." in page, KEY in page, Connection.objects.count()) == (True, False, 1)


def _fields(provider: Any) -> dict[str, Any]:
    return {name: getattr(provider, name) for name in provider.__dataclass_fields__}


def test_a_set_up_that_was_left_asks_its_store_nothing_until_it_is_finished(
    administrators: Client, shop: ServedShop
) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    Connection.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert reconciling.due() == []
    administrators.post(at("options", made), {})
    assert reconciling.due() == [made]


def test_an_event_that_comes_before_the_end_is_worked_off_and_seen(administrators: Client, shop: ServedShop) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address, livemode="")
    event = CONTRACTS["stripe"].news("sub_1", "active", timezone.now())
    assert deliver(made, event).status_code == 400  # nobody knows the webhook's secret yet
    Connection.objects.update(webhook_secret="whsec_test")
    assert deliver(made, event, secrets=["whsec_test"]).status_code == 200
    assert marks(administrators, made)["event"] == "done"
    assert "Set-up not finished" in shown(administrators, reverse("connected_apps"))


def test_going_on_twice_is_one_act(administrators: Client, shop: ServedShop) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    again = {"name": "Our Stripe", "api_key": "", "api_address": shop.address, "livemode": ""}
    for step, sent in (("credentials", again), ("options", {"read_history": "on"})):
        for _ in range(2):
            assert administrators.post(at(step, made), sent).status_code == 302
    assert HistoricalSync.objects.count() == 1
    acts = [entry.action for entry in about(made)]
    assert {act: acts.count(act) for act in ("connection.made", "history.started")} == {
        "connection.made": 1, "history.started": 1
    }  # fmt: skip
    assert [act for act in acts if act == "connection.changed"] == ["connection.changed"] * 2


def test_a_list_that_was_deleted_meanwhile_is_told_at_its_field(administrators: Client) -> None:
    made = begun(administrators, "api", name="Plugin")
    chosen = ContactList.objects.create(name="News")
    assert "News" in shown(administrators, at("options", made))
    chosen.delete()
    answer = administrators.post(at("options", made), {"newcomer_list": chosen.pk or 4711})
    assert (answer.status_code, "Select a valid choice" in answer.content.decode()) == (200, True)
    assert not Connection.objects.get().is_set_up


@pytest.mark.parametrize("step", [*STEPS, "register", "prove", "key"])
def test_nobody_sets_up_what_is_being_disconnected(administrators: Client, step: str) -> None:
    made = begun(administrators, "api", name="Plugin")
    disconnecting.begin(made, payments=disconnecting.KEEP)
    assert administrators.post(at(step, made)).status_code == 404
    assert not made.keys.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_changes_what_is_being_disconnected(administrators: Client, keyless: Connection, verb: str) -> None:
    disconnecting.begin(keyless, payments=disconnecting.KEEP)
    assert administrators.post(reverse(f"admin:{verb}", args=[keyless.pk])).status_code == 403


@pytest.mark.parametrize("kind", ["stripe", "paypal", "woocommerce"])
def test_what_proves_events_is_taken_by_hand_with_and_without_credentials(administrators: Client, kind: str) -> None:
    made = connect(kind, name="Shop", credentials=Credentials())[0]
    for proof in ("x" * 600, "a\0b", "whsec_of_the_store"):
        told = administrators.post(at("prove", made), {"proof": proof}, follow=True).content.decode()
        assert ("This is not what the store shows." in told) == (proof != "whsec_of_the_store")
    made.refresh_from_db()
    assert getattr(made, made.proof) == "whsec_of_the_store"
    [label] = about(made)[0].detail["fields"]
    assert label in [str(one.label) for one in PROVIDERS[kind].credentials]
