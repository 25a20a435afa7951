"""Pretend shops over real HTTP, connections to it, and people of the team."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from integrations.connecting import Credentials, connect
from integrations.models import Connection
from tests.integrations.contracts import SECRET, made
from tests.integrations.shops import ServedPayPal, ServedShop, certified, served

KEY = "rk_test_51PretendKeyOfTheSandbox"


@pytest.fixture
def shop() -> Iterator[ServedShop]:
    """A shop of thirty subscriptions; `shop.address` is where it answers."""
    opened = ServedShop(seed=7, subscriptions=30, key=KEY)
    with served(opened):
        yield opened


@pytest.fixture
def paypal_shop() -> Iterator[ServedPayPal]:
    """A PayPal account of thirty subscriptions; `paypal_shop.address` is where it answers."""
    opened = certified(ServedPayPal(seed=7, subscriptions=30))
    opened.queue.schedule = (0.02, 0.02)
    with served(opened):
        yield opened


@pytest.fixture
def connection(shop: ServedShop, transactional_db: None) -> Connection:
    """A connection to the shop with a key, a secret and a pace that tests need not wait for."""
    return connected(shop)


@pytest.fixture
def keyless(db: None) -> Connection:
    """A connection to a Stripe account that we cannot ask: its subscriptions' own events are all we have."""
    return made("stripe")


@pytest.fixture
def administrator(db: None) -> User:
    """Somebody who sets things up."""
    return person("ada", "Administrator")


@pytest.fixture
def marketer(db: None) -> User:
    """Somebody who works with people, and may only look at connections."""
    return person("grace", "Marketer")


def connected(shop: ServedShop, *, name: str = "Shop", pace: int = 1000) -> Connection:
    """Connect a shop that is being served."""
    credentials = Credentials(api_key=KEY, webhook_secret=SECRET, livemode=False, api_address=shop.address)
    connection, _ = connect("stripe", name=name, credentials=credentials)
    connection.requests_per_second = pace
    connection.save()
    return connection


def person(username: str, role: str) -> User:
    """Take somebody into the team."""
    user = User.objects.create_user(username, password="correct horse", is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    return user


@pytest.fixture
def administrators(administrator: User) -> Client:
    """The administrator's browser."""
    return signed_in(administrator)


@pytest.fixture
def marketers(marketer: User) -> Client:
    """The marketer's browser."""
    return signed_in(marketer)


def signed_in(user: User) -> Client:
    """Sign somebody in."""
    client = Client()
    client.force_login(user)
    return client
