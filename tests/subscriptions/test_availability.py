"""Seen only when available: what a store must have brought, or be, before recurring payments are spoken of."""

import pytest
from django.urls import reverse

from contacts.models import Contact
from subscriptions.availability import from_start, is_available
from subscriptions.models import Store
from tests.people import member
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db
KINDS = ("woocommerce", "stripe", "api")
MENU = reverse("admin:contacts_contact_changelist")


@pytest.mark.parametrize(
    ("kind", "resources", "seen"),
    [
        *((kind, [], False) for kind in KINDS),
        ("paypal", [], True),
        ("paypal", ["subscriptions"], True),
        ("paypal", ["orders", "subscriptions"], True),
        ("paypal", ["orders"], False),
    ],
)
def test_only_paypals_subscriptions_show_the_features_before_the_first_payment(kind, resources, seen):
    assert from_start(kind, resources) is seen


@pytest.mark.parametrize("kind", [*KINDS, "paypal"])
@pytest.mark.parametrize("starts", [True, False])
@pytest.mark.parametrize("pays", [True, False])
def test_a_store_shows_the_features_from_its_start_or_with_a_payment(kind, starts, pays):
    store = Store.objects.create(name="Shop", provider=kind, features_from_start=starts)
    if pays:
        tell(store, report())
    assert is_available() is (starts or pays)


def test_asking_takes_one_query(store, django_assert_num_queries):
    tell(store, *(report(f"sub_{n}") for n in range(20)))
    with django_assert_num_queries(1):
        assert is_available()


@pytest.mark.parametrize("pays", [True, False])
def test_the_menu_has_recurring_payments_and_manage_data_only_then(client, store, pays):
    client.force_login(member("Administrator"))
    if pays:
        tell(store, report())
    page = client.get(MENU).content.decode()
    for address in ("admin:subscriptions_recurringpayment_changelist", "manage_data"):
        assert (f'href="{reverse(address)}"' in page) is pays


@pytest.mark.parametrize(
    ("role", "words"),
    [("Administrator", "Go to Connected apps"), ("Marketer", "Ask an administrator to connect a store.")],
)
def test_before_that_the_contacts_page_says_what_to_do_instead_of_an_empty_widget(client, store, role, words):
    client.force_login(member(role))
    page = reverse("admin:contacts_contact_change", args=[Contact.objects.create(first_name="Ada").pk])
    before = client.get(page).content.decode()
    assert words in before
    assert "rt-widget-title" not in before
    assert "0 active payments" not in before
    tell(store, report())
    after = client.get(page).content.decode()
    assert words not in after
    assert "rt-widget-title" in after
