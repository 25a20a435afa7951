"""A first evening in a pretend shop: much happens, some payments fail, and half of those recover."""

from urllib.parse import urlsplit

import pytest

from config.demo import stirring
from integrations.sandbox.server import serve
from integrations.sandbox.stripe import StripeShop


def test_much_happens_and_half_of_what_fails_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stirring, "QUIET", 0.5)
    shop = StripeShop(seed=7, subscriptions=30)
    with serve(shop):
        port = urlsplit(shop.address).port or 0
        turns = shop.turns
        failed = stirring.stir(port)
        assert shop.turns >= turns + stirring.HAPPENINGS
        assert len(failed) == stirring.FAILING
        assert _states(shop, failed) == ["past_due"] * 6
        stirring.recover(port, failed)
        assert _states(shop, failed) == ["past_due"] * 3 + ["active"] * 3


def _states(shop: StripeShop, ids: list[str]) -> list[str]:
    return [shop.store["subscription"][one]["status"] for one in ids]
