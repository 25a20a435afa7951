"""Two stores, and somebody who looks at what they report."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from subscriptions.models import Store


@pytest.fixture
def store(db: None) -> Store:
    """A Stripe account."""
    return Store.objects.create(name="Shop", provider="stripe", payment_page="https://shop.example/pay/{id}")


@pytest.fixture
def other_store(db: None) -> Store:
    """A second store, of a provider that sends less."""
    return Store.objects.create(name="Boutique", provider="paypal")


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    """A superuser's browser."""
    client.force_login(admin_user)
    return client
