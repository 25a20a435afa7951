"""Recurring payments on the contact's page: the widget, the head, and the panel that the address names."""

import pytest
from django.urls import reverse

from contacts.models import Contact, Tag
from contacts.services import Profile
from subscriptions.models import RecurringPayment
from subscriptions.templatetags import recurring_payments
from tests.html import read
from tests.people import allowed, member
from tests.statements import statements
from tests.subscriptions.reports import after, report, tell, told

pytestmark = pytest.mark.django_db
ADA = {"email": "ada@example.com"}
NASTY = "\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture
def payment(store):
    """One of Ada's payments."""
    return told(store, name="Pro", status="active", payment_amount="49.9", currency="EUR", start_date=after(0), **ADA)


def _page(client, contact=None, **asked):
    """Open a contact's page."""
    contact = contact or Contact.objects.get(email_key="ada@example.com")
    answer = client.get(reverse("admin:contacts_contact_change", args=[contact.pk]), asked)
    assert answer.status_code == 200
    return read(answer.content)


def _open_panel(page):
    """Tell which payment's panel stands open."""
    panel = page.one("dialog", id="rt-panel")
    shown = [one.attributes["data-payment"] for one in panel.every("div", data_payment=None)]
    assert ("open" in panel.attributes) == bool(shown)
    return shown


def test_the_contact_s_page_shows_the_widget_with_the_first_five_fields(admin, payment):
    widget = _page(admin).one("section", data_widget="recurring-payments")
    assert len(widget.every("th", data_field=None)) == 5
    assert widget.one("tr", data_payment=str(payment.pk))


def test_the_head_says_what_is_active_since_when(admin, payment):
    text = _page(admin).text
    assert "Customer since Mar 1, 2026" in text
    assert "1 active payment" in text


def test_a_person_without_payments_is_told_where_they_come_from(admin, payment):
    page = _page(admin, Contact.objects.create(first_name="Ada"))
    assert "They arrive by themselves" in page.one("section", data_widget="recurring-payments").text
    assert "0 active payments" in page.text


def test_a_contact_that_is_being_added_has_no_widget(admin):
    page = read(admin.get(reverse("admin:contacts_contact_add")).content)
    assert page.every(data_widget=None) == []


# ---- the panel that the address names


def test_the_address_opens_the_panel_without_any_script(admin, payment):
    assert _open_panel(_page(admin)) == []
    assert _open_panel(_page(admin, payment=payment.pk)) == [str(payment.pk)]


def test_details_is_a_form_that_leads_to_that_address(admin, payment):
    page = _page(admin)
    button = page.every("button", name="payment")[0]
    form = page.one("form", id=button.attributes["form"])
    assert (form.attributes["method"], button.attributes["type"]) == ("get", "submit")
    assert _open_panel(_page(admin, **{button.attributes["name"]: button.attributes["value"]})) == [str(payment.pk)]


def test_somebody_else_s_payment_is_not_shown(admin, store, payment):
    other = told(store, sub="sub_2", name="Bob's", email="bob@example.com")
    nobody = told(store, sub="sub_3", name="Nobody's")
    for foreign in (other, nobody):
        page = _page(admin, payment=foreign.pk)
        assert _open_panel(page) == []
        assert foreign.name not in page.text


@pytest.mark.parametrize("asked", ["0", "4711", "x", "", "-1", "1.5", "²", "9" * 30, "9" * 4000, "\x00"], ids=ascii)
def test_a_payment_that_does_not_exist_opens_nothing(admin, payment, asked):
    assert _open_panel(_page(admin, payment=asked)) == []


@pytest.mark.parametrize("asked", ["x", "0", "99", "9" * 4000, "\x00"], ids=ascii)
def test_a_bad_page_number_is_no_failure(admin, payment, asked):
    assert _page(admin, payments_page=asked).every("tr", data_payment=str(payment.pk))


def test_an_open_panel_knows_its_neighbours(admin, store, payment):
    newer = told(store, sub="sub_2", store_created_date=after(9_000_000_000), **ADA)
    panel = _page(admin, payment=payment.pk).one("dialog")
    assert [link.attributes["href"] for link in panel.one("nav").every("a")] == [f"?payment={newer.pk}"]


# ---- who may


def test_whoever_may_not_see_payments_sees_nothing_of_them(client, payment):
    client.force_login(allowed("view_contact", "change_contact"))
    page = _page(client, payment=payment.pk)
    assert page.every(data_widget=None) == page.every("dialog", id="rt-panel") == []
    assert "active payment" not in page.text
    assert "49.90" not in page.text
    assert "Customer since" not in page.text


@pytest.mark.parametrize("role", ["Marketer", "Administrator"])
def test_both_roles_see_the_panel(client, payment, role):
    client.force_login(member(role))
    assert _open_panel(_page(client, payment=payment.pk)) == [str(payment.pk)]


# ---- as many statements for many as for few


def test_a_page_with_three_hundred_payments_takes_the_statements_of_one_with_five(admin, store):
    counts = []
    for count in (5, 300):
        tell(store, *(report(f"sub_{n}", name="Pro", status="active", **ADA) for n in range(count)))
        with statements() as found:
            _page(admin, payment=RecurringPayment.objects.first().pk)
        counts.append(len(found))
    assert counts[0] == counts[1]


# ---- nothing comes alive


@pytest.fixture
def nasty(store):
    """A contact whose every text is meant to break out."""
    contact = told(store, **ADA, profile=Profile(email="ada@example.com", first_name=NASTY, last_name=NASTY)).contact
    contact.tags.add(Tag.objects.create(name=NASTY))
    lines = [{"name": NASTY, "sku": NASTY, "tags": [NASTY]}]
    told(store, at=1, name=NASTY, store_status=NASTY, notes=[NASTY], billing_city=NASTY, currency="<b>", items=lines)
    return contact


def _parts(page):
    return [*page.walk()]


def test_whatever_a_store_sends_stays_text(admin, nasty):
    page = _page(admin, nasty, payment=nasty.recurring_payments.get().pk)
    assert NASTY in page.one("dialog").text
    assert [one for one in _parts(page) if "onerror" in one.attributes or one.attributes.get("src") == "x"] == []


def test_nothing_that_a_store_sends_lands_where_a_script_reads_it(admin, nasty):
    page = _page(admin, nasty, payment=nasty.recurring_payments.get().pk)
    read_by_scripts = [
        value
        for one in _parts(page)
        for name, value in one.attributes.items()
        if name.startswith(("x-", "@", ":", "on", "hx-"))
    ]
    assert read_by_scripts
    assert [value for value in read_by_scripts if "onerror" in value] == []
    assert [one.text for one in page.every("script") if "onerror" in one.text] == []


def test_the_page_allows_no_script_of_others(admin, payment):
    answer = admin.get(reverse("admin:contacts_contact_change", args=[payment.contact_id]))
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval' 'nonce-" in policy
    inline = [one for one in read(answer.content).every("script") if "src" not in one.attributes]
    assert all("nonce" in one.attributes or one.attributes.get("type") == "application/json" for one in inline)


# ---- in French


def test_the_page_speaks_french(admin, payment):
    admin.cookies["django_language"] = "fr"
    text = _page(admin, payment=payment.pk).text
    for words in ("1 paiement actif", "Client depuis le 1 mars 2026", "Paiements récurrents", "Ce qui a changé"):
        assert words in text


# ---- the filters


@pytest.mark.parametrize("filtered", [recurring_payments.day, recurring_payments.exact, recurring_payments.relative])
def test_no_moment_is_no_text(filtered):
    assert filtered(None) == ""
    assert filtered(after(0))
