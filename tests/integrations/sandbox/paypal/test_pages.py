"""The pages for people."""

import pytest

from tests.integrations.sandbox.conftest import ask


def page(server, path):
    answer = ask(server, path)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.body.decode()


def press(server, one, action, **headers):
    return ask(server, f"/dashboard/subscriptions/{one}", method="POST", body=f"action={action}".encode(), **headers)


def first(shop, status):
    return next(one["id"] for one in shop.store["subscription"] if one["status"] == status)


def test_the_root_leads_to_pages_that_say_what_they_are(server):
    answer = ask(server, "/")
    assert (answer.status, answer.headers["Location"]) == (303, "/dashboard/")
    assert "It speaks PayPal&#x27;s protocol, is not PayPal, and moves no money" in page(server, "/dashboard/")


def test_the_list_turns_its_pages(server, shop):
    head, tail = page(server, "/dashboard/"), page(server, "/dashboard/?page=2")
    every = shop.ids()
    assert all((one in head) == (one in every[:25]) for one in every)
    assert all((one in tail) == (one in every[25:]) for one in every)


@pytest.mark.parametrize("words", ["zoë mü", "SUSPENDED", "bobby"])
def test_a_search_finds_names_and_statuses(server, words):
    found = page(server, f"/dashboard/?q={words.replace(' ', '+').replace('ë', '%C3%AB').replace('ü', '%C3%BC')}")
    assert words.lower() in found.lower()
    assert "Cher" not in found
    assert "<b>Bobby" not in found


@pytest.mark.parametrize("place", ["/dashboard", "/billing"])
def test_a_subscription_has_a_page_in_every_status(server, shop, place):
    for one in {record["status"]: record["id"] for record in shop.store["subscription"]}.values():
        assert one in page(server, f"{place}/subscriptions/{one}")


def test_a_button_makes_it_happen_and_the_page_shows_the_events(server, shop, receiver):
    shop.add_webhook(receiver.url)
    one = first(shop, "SUSPENDED")
    assert press(server, one, "activate").status == 303
    shop.flush()
    shown = page(server, f"/dashboard/subscriptions/{one}")
    assert "BILLING.SUBSCRIPTION.RE-ACTIVATED" in shown
    assert f"{receiver.url}: 200" in shown


def test_only_buttons_that_make_sense_are_shown_and_others_are_explained(server, shop):
    one = first(shop, "CANCELLED")
    assert 'value="renew"' not in page(server, f"/dashboard/subscriptions/{one}")
    answer = press(server, one, "renew")
    assert (answer.status, "not possible while the subscription is CANCELLED" in answer.body.decode()) == (409, True)
    assert press(server, "I-GONE", "renew").status == 404


def test_a_page_of_another_site_cannot_press_a_button(server, shop):
    assert press(server, first(shop, "ACTIVE"), "cancel", Sec_Fetch_Site="cross-site").status == 403
    assert shop.events == []
