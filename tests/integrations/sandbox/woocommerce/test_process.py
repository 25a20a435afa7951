"""A shop in threads of its own: no thread is left behind, and its end waits for nothing."""

import contextlib
import threading
import time

from tests.integrations.woocommerce.shops import ask, open_shop, served


def test_no_thread_is_left_behind(receiver):
    before = threading.active_count()
    with served(open_shop(pause=0.01)) as shop:
        shop.add_webhook(receiver.url)
        shop.live(every=0.01)
        assert ask(shop, "/subscriptions").status == 200
        while len(receiver.received) < 3:
            time.sleep(0.01)
    until = time.monotonic() + 3
    while threading.active_count() > before + 1 and time.monotonic() < until:  # one serves the receiver
        time.sleep(0.01)
    assert threading.active_count() <= before + 1


def test_slow_rows_do_not_hold_up_the_end():
    with served(open_shop()) as shop:
        shop.faults.row_milliseconds = 60_000
        asking = threading.Thread(target=_ask_quietly, args=(shop,))
        asking.start()
        while not shop.requests:
            time.sleep(0.01)
        started = time.monotonic()
    asking.join(2)
    assert not asking.is_alive()
    assert time.monotonic() - started < 2


def _ask_quietly(shop):
    with contextlib.suppress(ConnectionError):
        ask(shop, "/subscriptions")


def test_others_are_answered_while_one_waits_for_its_rows():
    with served(open_shop()) as shop:
        shop.faults.row_milliseconds = 60_000
        threading.Thread(target=_ask_quietly, args=(shop,), daemon=True).start()
        while not shop.requests:
            time.sleep(0.01)
        assert ask(shop, "/products").status == 200


def test_a_page_of_a_large_shop_costs_little():
    with served(open_shop(subscriptions=2000)) as shop:
        ask(shop, "/subscriptions?per_page=100&orderby=id&order=asc")
        started = time.process_time()
        for number in range(1, 6):
            assert len(ask(shop, f"/subscriptions?per_page=100&page={number}&orderby=id&order=asc").json) == 100
        assert (time.process_time() - started) / 5 < 0.1
