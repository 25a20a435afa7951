"""A store, and nothing remembered of flows that other tests have published."""

import pytest

from automations import plans
from subscriptions.models import Store


@pytest.fixture(autouse=True)
def fresh_plans() -> None:
    """Forget published flows: their ids come again."""
    plans.load.cache_clear()


@pytest.fixture
def store(db: None) -> Store:
    """A Stripe account."""
    return Store.objects.create(name="Shop", provider="stripe")
