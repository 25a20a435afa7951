"""The dashboard for people."""

from html import unescape
from urllib.parse import quote

import pytest

from tests.integrations.sandbox.conftest import ask


def page(server, path):
    answer = ask(server, path)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.body.decode()


def press(server, one, action, **headers):
    return ask(server, f"/dashboard/subscriptions/{one}", method="POST", body=f"action={action}".encode(), **headers)


def test_the_root_leads_to_the_dashboard(server):
    answer = ask(server, "/")
    assert (answer.status, answer.headers["Location"]) == (303, "/dashboard/")


def test_the_pages_say_what_they_are(server, shop):
    for path in ("/dashboard/", f"/dashboard/subscriptions/{shop.ids()[0]}"):
        assert "pretend shop for trying Ritournelle out" in page(server, path)


def test_the_list_turns_its_pages(server, shop):
    first, second = page(server, "/dashboard/"), page(server, "/dashboard/?page=2")
    every = shop.ids()
    assert all((one in first) == (one in every[:25]) for one in every)
    assert all((one in second) == (one in every[25:]) for one in every)
    assert "Older" in first
    assert "Older" not in second


@pytest.mark.parametrize("words", ["zoë mü", "ZOË", "bobby"])
def test_a_search_finds_people_by_name(server, words):
    found = page(server, f"/dashboard/?q={quote(words)}")
    assert words.lower() in unescape(found).lower()
    assert "Cher" not in found


def test_a_name_with_markup_is_shown_as_it_is_written(server):
    listed = page(server, "/dashboard/?q=bobby")
    assert "<b>Bobby" not in listed
    assert "&lt;b&gt;Bobby&lt;/b&gt; &amp; Co" in listed


def test_a_search_is_repeated_safely(server):
    assert "<script>" not in page(server, "/dashboard/?q=%3Cscript%3E%22%27")


@pytest.mark.parametrize("place", ["/dashboard", "/dashboard/test"])
def test_a_subscription_has_a_page_at_both_addresses_of_stripe(server, shop, place):
    one = shop.ids()[0]
    assert one in page(server, f"{place}/subscriptions/{one}")


def test_an_unknown_subscription_is_not_found(server):
    assert ask(server, "/dashboard/subscriptions/sub_gone").status == 404
    assert press(server, "sub_gone", "renew").status == 404


def test_a_button_makes_it_happen_and_the_page_shows_the_events(server, shop, receiver):
    shop.add_endpoint(receiver.url)
    one = next(one["id"] for one in shop.store["subscription"] if one["status"] == "past_due")
    assert press(server, one, "recover").status == 303
    shop.flush()
    shown = page(server, f"/dashboard/subscriptions/{one}")
    assert "invoice.payment_succeeded" in shown
    assert f"{receiver.url}: 200" in shown
    assert shop.retrieve(one)["status"] == "active"


def test_only_buttons_that_make_sense_are_shown(server, shop):
    ended = next(one["id"] for one in shop.store["subscription"] if one["status"] == "canceled")
    shown = page(server, f"/dashboard/subscriptions/{ended}")
    assert 'value="refund"' in shown
    assert 'value="renew"' not in shown


def test_what_cannot_happen_is_explained(server, shop):
    ended = next(one["id"] for one in shop.store["subscription"] if one["status"] == "canceled")
    answer = press(server, ended, "renew")
    assert answer.status == 409
    assert "not possible while the subscription is canceled" in answer.body.decode()


def test_the_pages_may_run_no_script(server):
    assert "default-src 'none'" in ask(server, "/dashboard/").headers["Content-Security-Policy"]


def test_a_page_of_another_site_cannot_press_a_button(server, shop):
    one = shop.ids()[0]
    assert press(server, one, "cancel", Sec_Fetch_Site="cross-site").status == 403
    assert shop.events == []
