"""What a comparison asks of PayPal, beside what holds for the comparisons of every store."""

import pytest

from integrations import inbox, reconciling
from integrations.models import Connection, Delivery
from integrations.providers.paypal import reconcile
from tests.integrations.shops import ServedPayPal

EVENTS = ("GET", "/v1/notifications/webhooks-events")


def test_events_are_read_to_the_last_page(
    connection: Connection, account: ServedPayPal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "PAGE_SIZE", 4)
    account.tick(n=10)
    done = reconciling.run(reconciling.start(connection).pk)
    inbox.process()
    events = len(account.store["event"])
    assert (done.state, done.found) == ("finished", events)
    assert Delivery.objects.filter(found_by=done.pk).count() == events > 8
    assert account.requested[EVENTS] == -(-events // 4)


def test_only_what_is_no_word_of_ours_is_taken_from_the_link_to_the_next_page() -> None:
    link = {
        "rel": "next",
        "href": "https://evil.example/v1/?start_time=2020-01-01T00:00:00Z&page_size=2&move_to=next&index_id=WH-3",
    }
    assert reconcile._next({"links": [{"rel": "self", "href": "x"}, link]}) == "move_to=next&index_id=WH-3"
    assert reconcile._next({"links": []}) == reconcile._next({}) == ""
