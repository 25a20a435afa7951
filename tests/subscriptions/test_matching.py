"""Whose payment is it: by the store's customer number, else by e-mail, and never twice the same person."""

import pytest

from contacts.models import Contact
from contacts.services import Profile
from subscriptions.models import RecurringPayment, StoreCustomer
from tests.subscriptions.reports import news, report, stored, tell, told


def _people():
    return list(Contact.objects.order_by("email_key").values_list("email_key", flat=True))


# ---- by customer number, by e-mail


def test_a_new_e_mail_makes_a_contact_and_a_known_one_finds_it(store):
    first = told(store, sub="sub_1", email=" Ada@Example.com ")
    second = told(store, sub="sub_2", email="ada@example.COM")
    assert first.contact == second.contact
    assert (first.contact.email, first.contact.email_key) == ("Ada@Example.com", "ada@example.com")
    assert first.email == " Ada@Example.com "


def test_one_call_with_one_e_mail_in_two_spellings_is_one_contact(store):
    tell(store, report("sub_1", email="Ada@example.com"), report("sub_2", email="ADA@example.com"))
    assert _people() == ["ada@example.com"]


def test_an_e_mail_is_folded_as_no_lower_case_does(store):
    tell(store, report("sub_1", email="STRASSE@example.com"), report("sub_2", email="straße@example.com"))
    assert _people() == ["strasse@example.com"]


def test_a_known_customer_number_comes_before_the_e_mail(store):
    ada = told(store, sub="sub_1", email="ada@example.com", store_customer_id="cus_1").contact
    told(store, sub="sub_2", email="bob@example.com", store_customer_id="cus_2")
    assert told(store, sub="sub_3", email="bob@example.com", store_customer_id="cus_1").contact == ada
    assert told(store, sub="sub_4", email="new@example.com", store_customer_id="cus_1").contact == ada
    assert told(store, sub="sub_5", store_customer_id="cus_1").contact == ada
    assert _people() == ["ada@example.com", "bob@example.com"]


def test_the_same_customer_number_at_another_store_is_somebody_else(store, other_store):
    told(store, email="ada@example.com", store_customer_id="7")
    told(other_store, email="bob@example.com", store_customer_id="7")
    assert _people() == ["ada@example.com", "bob@example.com"]


def test_two_stores_with_one_e_mail_are_one_contact_with_two_customer_numbers(store, other_store):
    told(store, email="Ada@example.com", store_customer_id="cus_1")
    told(other_store, email="ada@example.com", store_customer_id="payer_1")
    contact = Contact.objects.get()
    numbers = contact.store_customers.order_by("store_customer_id").values_list("store__name", "store_customer_id")
    assert list(numbers) == [("Shop", "cus_1"), ("Boutique", "payer_1")]
    assert contact.recurring_payments.count() == 2


def test_a_new_customer_with_two_e_mails_in_one_call_is_one_contact(store):
    tell(
        store,
        report("sub_1", store_customer_id="cus_1"),
        report("sub_2", store_customer_id="cus_1", email="ada@example.com"),
        report("sub_3", store_customer_id="cus_1", email="ada@work.example"),
    )
    assert _people() == ["ada@example.com"]
    assert set(RecurringPayment.objects.values_list("contact", flat=True)) == {Contact.objects.get().pk}


# ---- without an e-mail


def test_without_an_e_mail_there_is_no_contact(store):
    assert told(store, store_customer_id="cus_1").contact is None
    assert not Contact.objects.exists()
    assert not StoreCustomer.objects.exists()


def test_two_guests_without_an_e_mail_stay_two(store):
    tell(store, report("sub_1"), report("sub_2"))
    told(store, sub="sub_1", at=1, email="ada@example.com")
    assert stored(store, "sub_2").contact is None


@pytest.mark.parametrize(
    "email", ["", "   ", "ada", "@example.com", "ada@", "a b@example.com", "ada@exa mple.com", "ada\n@example.com"]
)
def test_what_is_no_address_makes_no_contact_and_is_kept_as_it_came(store, email):
    payment = told(store, email=email, store_customer_id="cus_1")
    assert (payment.contact, payment.email) == (None, email)
    assert not Contact.objects.exists()


def test_a_payment_is_linked_when_its_e_mail_arrives(store):
    told(store, name="Pro")
    payment = told(store, at=1, email="ada@example.com")
    assert payment.contact.email == "ada@example.com"
    assert news(store) == [{"email": ["", "ada@example.com"], "contact": [None, payment.contact_id]}]


def test_other_payments_of_the_customer_are_linked_along(store, other_store):
    tell(store, report("sub_1", store_customer_id="cus_1"), report("sub_2", store_customer_id="cus_2"))
    told(other_store, store_customer_id="cus_1")
    contact = told(store, sub="sub_3", store_customer_id="cus_1", email="ada@example.com").contact
    assert stored(store, "sub_1").contact == contact
    assert stored(store, "sub_2").contact is None
    assert stored(other_store).contact is None


def test_what_is_linked_along_is_in_the_change_log(store):
    waiting = told(store, store_customer_id="cus_1")
    contact = told(store, sub="sub_2", store_customer_id="cus_1", email="ada@example.com").contact
    assert news(store) == [{"contact": [None, contact.pk]}]
    assert stored(store, "sub_1").updated_at > waiting.updated_at


def test_one_that_is_told_in_the_same_call_is_linked_once(store):
    told(store, store_customer_id="cus_1")
    tell(
        store,
        report("sub_1", at=1, store_customer_id="cus_1", name="Pro"),
        report("sub_2", at=1, store_customer_id="cus_1", email="ada@example.com"),
    )
    assert news(store) == [{"contact": [None, Contact.objects.get().pk], "name": ["", "Pro"]}]


def test_a_report_that_does_not_name_the_e_mail_keeps_the_contact(store):
    contact = told(store, email="ada@example.com").contact
    assert told(store, at=1, name="Pro").contact == contact
    assert told(store, at=2, email=None).contact == contact


# ---- another e-mail


@pytest.mark.parametrize("number", [{}, {"store_customer_id": "cus_1"}], ids=["guest", "customer"])
def test_a_changed_e_mail_keeps_the_contact(store, number):
    contact = told(store, email="ada@example.com", **number).contact
    assert told(store, at=1, email="ada@new.example", **number).contact == contact
    assert _people() == ["ada@example.com"]
    assert news(store) == [{"email": ["ada@example.com", "ada@new.example"]}]


@pytest.mark.parametrize("number", [{}, {"store_customer_id": "cus_1"}], ids=["guest", "customer"])
def test_a_changed_e_mail_that_belongs_to_somebody_else_moves_the_payment_and_says_so(store, number):
    ada = told(store, email="ada@example.com", **number).contact
    bob = told(store, sub="sub_2", email="bob@example.com").contact
    assert told(store, at=1, email="BOB@example.com", **number).contact == bob
    assert news(store) == [{"email": ["ada@example.com", "BOB@example.com"], "contact": [ada.pk, bob.pk]}]


def test_a_customer_who_moved_is_found_at_the_new_contact(store):
    told(store, email="ada@example.com", store_customer_id="cus_1")
    bob = told(store, sub="sub_2", email="bob@example.com").contact
    told(store, at=1, email="bob@example.com", store_customer_id="cus_1")
    assert told(store, sub="sub_3", store_customer_id="cus_1").contact == bob


def test_another_spelling_of_the_same_e_mail_moves_nothing(store):
    contact = told(store, email="ada@example.com").contact
    told(store, at=1, email="ADA@example.com")
    assert stored(store).contact == contact
    assert news(store) == [{"email": ["ada@example.com", "ADA@example.com"]}]


@pytest.mark.parametrize("email", ["nobody", "", None])
def test_an_e_mail_that_became_useless_keeps_the_contact(store, email):
    contact = told(store, email="ada@example.com").contact
    assert told(store, at=1, email=email).contact == contact


def test_a_contact_whose_e_mail_a_marketer_corrected_is_still_found_by_the_customer_number(store):
    contact = told(store, email="ada@exmaple.com", store_customer_id="cus_1").contact
    Contact.objects.filter(pk=contact.pk).update(email="ada@example.com", email_key="ada@example.com")
    assert told(store, at=1, email="ada@exmaple.com", name="Pro", store_customer_id="cus_1").contact == contact
    assert told(store, sub="sub_2", email="ada@exmaple.com", store_customer_id="cus_1").contact == contact


# ---- a contact that was deleted


def test_a_deleted_contact_leaves_the_payment_and_comes_back_with_the_next_report(store):
    told(store, email="ada@example.com", store_customer_id="cus_1", name="Pro").contact.delete()
    assert stored(store).contact is None
    assert not StoreCustomer.objects.exists()
    payment = told(store, at=1, email="ada@example.com", store_customer_id="cus_1", name="Pro")
    assert payment.contact.email == "ada@example.com"
    assert StoreCustomer.objects.get().contact == payment.contact
    assert news(store) == [{"contact": [None, payment.contact_id]}]


# ---- names

SHIPPING = {
    "shipping_first_name": "Ship",
    "shipping_last_name": "Ping",
    "shipping_phone": "2",
    "shipping_company": "S & Co",
}
BILLING = {
    "billing_first_name": "Bill",
    "billing_last_name": "Ing",
    "billing_phone": "3",
    "billing_company": "B & Co",
}


def _profile(**known):
    return Profile(email="ada@example.com", **known)


@pytest.mark.parametrize(
    ("profile", "addresses", "known"),
    [
        (
            {"first_name": "Ada", "last_name": "Lovelace", "phone": "1", "company": "A & Co"},
            SHIPPING | BILLING,
            ("Ada", "Lovelace", "1", "A & Co"),
        ),
        ({}, SHIPPING | BILLING, ("Ship", "Ping", "2", "S & Co")),
        ({}, BILLING, ("Bill", "Ing", "3", "B & Co")),
        ({"first_name": "Ada"}, SHIPPING, ("Ada", "", "2", "S & Co")),
        ({"phone": "1"}, BILLING | {"shipping_last_name": "Ping"}, ("", "Ping", "1", "B & Co")),
        ({}, {}, ("", "", "", "")),
    ],
    ids=["the customer's own", "shipping", "billing", "names together", "the rest one by one", "nothing"],
)
def test_a_new_contact_is_named_by_profile_else_shipping_else_billing(store, profile, addresses, known):
    contact = told(store, email="ada@example.com", profile=_profile(**profile), **addresses).contact
    assert (contact.first_name, contact.last_name, contact.phone, contact.company) == known


def test_names_of_a_report_without_a_profile_come_from_its_addresses(store):
    assert told(store, email="ada@example.com", **SHIPPING).contact.full_name == "Ship Ping"


def test_a_name_that_a_marketer_wrote_is_not_overwritten(store, other_store):
    contact = told(store, email="ada@example.com", profile=_profile(first_name="ADA", phone="1")).contact
    Contact.objects.filter(pk=contact.pk).update(first_name="Ada", last_name="King")
    lovelace = _profile(first_name="A.", last_name="Lovelace", phone="2", company="Engines")
    told(other_store, email="ada@example.com", profile=lovelace)
    contact.refresh_from_db()
    assert (contact.full_name, contact.phone, contact.company) == ("Ada King", "1", "Engines")


def test_the_profile_of_an_earlier_report_in_the_same_call_is_not_lost(store):
    tell(store, report(at=1, email="ada@example.com", profile=_profile(first_name="Ada")), report(at=2, name="Pro"))
    assert Contact.objects.get().first_name == "Ada"


def test_a_name_longer_than_a_contact_s_is_cut_there_and_whole_on_the_payment(store):
    payment = told(store, email="ada@example.com", billing_first_name="A" * 1000, billing_phone="1" * 1000)
    assert (len(payment.contact.first_name), len(payment.contact.phone)) == (200, 60)
    assert len(payment.billing_first_name) == 1000
