"""The pages for people."""

import pytest

from tests.integrations.woocommerce.shops import SECRET, ask


def page(shop, path):
    answer = ask(shop, path, key=None)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return answer.body.decode()


def active(shop):
    return next(one["id"] for one in shop.store["subscription"] if one["status"] == "active")


@pytest.mark.parametrize("place", ["/wp-admin/", "/dashboard/"])
def test_the_list_names_the_newest_and_says_what_it_is(shop, place):
    shown = page(shop, place)
    assert all(f"/wp-admin/subscriptions/{one}" in shown for one in shop.ids()[:25])
    assert "speaks WooCommerce&#x27;s protocol" in shown or "speaks WooCommerce's protocol" in shown


@pytest.mark.parametrize("words", ["zo%C3%AB", "on-hold"])
def test_a_search_finds_by_name_and_status(shop, words):
    every, found = page(shop, "/wp-admin/"), page(shop, f"/wp-admin/?q={words}")
    assert 0 < found.count("<tr>") < every.count("<tr>")


def test_a_name_with_markup_is_shown_as_it_is_written(shop):
    listed = page(shop, "/wp-admin/?q=bobby")
    assert "<b>Bobby" not in listed
    assert "&lt;b&gt;Bobby" in listed


def test_a_subscription_has_a_page_with_buttons_and_what_was_told(shop, hooked):
    one = active(shop)
    pressed = ask(shop, f"/wp-admin/subscriptions/{one}", method="POST", key=None, given=b"action=pause")
    assert (pressed.status, shop.retrieve(one)["status"]) == (303, "on-hold")
    shop.flush()
    shown = page(shop, f"/wp-admin/subscriptions/{one}")
    assert 'value="reactivate"' in shown
    assert 'value="pause"' not in shown
    assert f"{hooked.url}: 200" in shown
    assert SECRET not in shown


def test_a_button_that_is_not_possible_says_so(shop):
    one = active(shop)
    answer = ask(shop, f"/wp-admin/subscriptions/{one}", method="POST", key=None, given=b"action=recover")
    assert answer.status == 409
    assert b"recover is not possible" in answer.body


@pytest.mark.parametrize(
    "path", ["/wp-admin/post.php?post={}&action=edit", "/wp-admin/admin.php?page=wc-orders--shop_subscription&id={}"]
)
def test_wordpress_own_addresses_lead_to_the_page(shop, path):
    one = active(shop)
    answer = ask(shop, path.format(one), key=None)
    assert (answer.status, answer.headers["Location"]) == (303, f"/wp-admin/subscriptions/{one}")


def test_an_address_that_names_no_number_leads_to_the_list(shop):
    answer = ask(shop, "/wp-admin/post.php?post=x%0d%0aSet-Cookie:%20a=b", key=None)
    assert (answer.headers["Location"], answer.headers["Set-Cookie"]) == ("/wp-admin/subscriptions/", None)
    assert ask(shop, "/wp-admin/subscriptions/", key=None).status == 200
