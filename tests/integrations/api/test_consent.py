"""What a store states of consent, over each of its ways to write."""

from typing import Any

import pytest

from contacts.models import Contact, ContactList, Standing
from integrations.api import batches
from integrations.models import Batch, Connection
from tests.integrations.api.plugin import Plugin, row

UPSERT = """mutation ($records: [RecurringPaymentInput]) {
    bulkUpsertRecurringPayments(recurringPayments: $records) { recordId }
}"""


@pytest.fixture
def letter(shop_connection: Connection) -> ContactList:
    """The list that the shop's newcomers are put on."""
    made = ContactList.objects.create(name="Letter")
    shop_connection.store.newcomer_list = made
    shop_connection.store.save()
    return made


def _by_rest(plugin: Plugin, accepts: bool | None) -> Any:
    return plugin.bulk(row("a", email="ada@example.com", customer={"accepts_marketing": accepts}))


def _by_graphql(plugin: Plugin, accepts: bool | None) -> Any:
    record = {
        "legacyConnectionId": plugin.connection.store_id if plugin.connection else 0,
        "storeRecurringPaymentId": "a",
        "email": "ada@example.com",
        "customerData": {"acceptsMarketing": accepts},
    }
    answer = plugin.graphql(UPSERT, {"records": [record]})
    batches.run(Batch.objects.latest("received_at").pk)
    return answer


@pytest.mark.parametrize("send", [_by_rest, _by_graphql], ids=["REST", "GraphQL"])
def test_a_store_says_who_accepts_marketing(plugin: Plugin, letter: ContactList, send: Any) -> None:
    states = []
    for accepts in (False, None, True, None, False):
        assert send(plugin, accepts).status_code in (200, 202)
        states.append(Standing.objects.values_list("state", flat=True).first())
    assert states == [None, None, "subscribed", "subscribed", "unsubscribed"]


@pytest.mark.parametrize("told", ["false", 0, [], {}])
def test_consent_that_is_neither_true_nor_false_is_refused_with_its_path(plugin: Plugin, told: Any) -> None:
    [outcome] = plugin.bulk(row("a", customer={"accepts_marketing": told})).json()["outcomes"]
    assert outcome["errors"] == [{"path": "customer.accepts_marketing", "reason": "must be true, false or null"}]


def test_a_dry_run_puts_nobody_on_a_list(plugin: Plugin, letter: ContactList) -> None:
    plugin.bulk(row("a", email="ada@example.com"), query="?dryRun=true")
    assert not Standing.objects.exists()
    assert not Contact.objects.exists()


def test_a_store_reads_how_its_people_stand_and_not_who_said_so(plugin: Plugin, letter: ContactList) -> None:
    plugin.bulk(*(row(name, email=f"{name}@example.com") for name in ("ada", "bob")))
    people = plugin.get("/contacts").json()["results"]
    [told] = people[0]["lists"]
    since = told.pop("since")
    assert told == {"id": letter.pk, "name": "Letter", "state": "subscribed"}
    assert since.endswith("Z")
    assert plugin.get(f"/contacts/{people[1]['id']}").json()["lists"][0]["state"] == "subscribed"


def test_a_store_reads_which_lists_there_are(plugin: Plugin, letter: ContactList) -> None:
    assert plugin.get("/lists").json() == {
        "results": [{"id": letter.pk, "name": "Letter", "description": ""}],
        "next": None,
    }
