"""The widget and the panel as they are fetched: for whom, what of, and nothing that a store sends comes alive."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from contacts.models import Contact
from contacts.services import Profile
from subscriptions import field_order
from subscriptions.catalogue import BY_NAME, DEFAULT_ORDER, STORED
from subscriptions.models import RecurringPayment
from subscriptions.widget import CHANGES_SHOWN, PAGE_SIZE
from tests.html import read
from tests.people import allowed, member
from tests.statements import statements
from tests.subscriptions.reports import after, report, tell, told

pytestmark = pytest.mark.django_db
ADA = {"email": "ada@example.com"}
NASTY = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def payment(store):
    """One of Ada's payments."""
    return told(store, name="Pro", status="active", payment_amount="49.9", currency="EUR", **ADA)


def _widget(client, contact=None, **asked):
    """Fetch a contact's widget."""
    contact = contact or Contact.objects.get()
    answer = client.get(reverse("contact_widget", args=[contact.pk]), asked)
    assert answer.status_code == 200
    return read(answer.content)


def _panel(client, payment, **asked):
    """Fetch a payment's panel."""
    answer = client.get(reverse("payment_panel", args=[payment.pk]), asked)
    assert answer.status_code == 200
    return read(answer.content)


def _many(store, count):
    tell(store, *(report(f"sub_{n}", store_created_date=after(n), name="Pro", **ADA) for n in range(count)))


def _fields(part, tag):
    return [one.attributes["data-field"] for one in part.every(tag, data_field=None)]


def _order(*names):
    user, _ = User.objects.get_or_create(username="anna")
    for name in reversed(names):
        field_order.move(name, to=1, by=user, seen=0)


# ---- what they show


def test_the_widget_has_exactly_the_first_five_fields_of_the_order(admin, payment):
    _order("email", "is_trial")
    shown = _widget(admin)
    expected = ["email", "is_trial", *DEFAULT_ORDER[:3]]
    assert _fields(shown, "th") == expected
    assert _fields(shown.one("tr", data_payment=str(payment.pk)), "td") == expected


def test_each_row_says_its_values_and_leads_to_its_details(admin, payment):
    row = _widget(admin).one("tr", data_payment=str(payment.pk))
    assert "€49.90" in row.one("td", data_field="payment_amount").text
    assert "Active" in row.one("td", data_field="status").text
    assert {button.attributes["value"] for button in row.every("button", name="payment")} == {str(payment.pk)}
    assert {button.text for button in row.every("button")} == {"Details Pro"}


def test_the_panel_has_all_sixty_fields_in_the_saved_order(admin, payment):
    _order("notes", "tax_amount")
    names = _fields(_panel(admin, payment), "div")
    assert names[:3] == ["notes", "tax_amount", DEFAULT_ORDER[0]]
    assert sorted(names) == sorted(BY_NAME)


def test_empty_fields_are_marked_and_say_why(admin, other_store):
    shown = _panel(admin, told(other_store, **ADA))
    empty = shown.one("div", data_field="anchor_date")
    assert "data-empty" in empty.attributes
    assert empty.one("dd").text == "– PayPal does not send this"
    assert "data-empty" not in shown.one("div", data_field="email").attributes


def test_the_panel_leads_to_the_payment_s_page_at_the_store(admin, payment):
    link = _panel(admin, payment).one("a", data_store_page=None)
    assert link.attributes["href"] == "https://shop.example/pay/sub_1"
    assert (link.attributes["target"], link.attributes["rel"]) == ("_blank", "noopener noreferrer")


def test_a_store_without_pages_has_no_link(admin, other_store):
    assert _panel(admin, told(other_store)).every("a", data_store_page=None) == []


def test_the_timeline_shows_the_newest_changes_and_all_on_demand(admin, store):
    for at in range(CHANGES_SHOWN + 3):
        payment = told(store, at=at, name=f"Plan {at}", **ADA)
    shown = _panel(admin, payment)
    assert len(shown.every("li", data_change=None)) == CHANGES_SHOWN
    assert shown.one("a", data_changes="1000").text == "Show 3 older changes"
    assert len(_panel(admin, payment, changes=1000).every("li", data_change=None)) == CHANGES_SHOWN + 3


# ---- pages


def test_the_widget_is_paged(admin, store):
    _many(store, PAGE_SIZE + 2)
    first, second = _widget(admin), _widget(admin, page=2)
    assert (len(first.every("tr", data_payment=None)), len(second.every("tr", data_payment=None))) == (PAGE_SIZE, 2)
    assert first.one("a", rel="next").attributes["href"] == "?payments_page=2"
    assert second.one("a", rel="prev").attributes["href"] == "?payments_page=1"
    assert f"1 to {PAGE_SIZE} of {PAGE_SIZE + 2}" in first.text
    assert str(PAGE_SIZE + 2) in first.one("h2").text


@pytest.mark.parametrize("page", ["x", "", "0", "-1", "99", "1e9", "9" * 1000, "\x00", "²"])
def test_a_bad_page_number_is_no_failure(admin, payment, page):
    assert _widget(admin, page=page).every("tr", data_payment=str(payment.pk))


@pytest.mark.parametrize("changes", ["x", "", "-1", "0", "1e9", "9" * 1000, "²"])
def test_a_bad_number_of_changes_is_no_failure(admin, payment, changes):
    assert _panel(admin, payment, changes=changes)


@pytest.mark.parametrize("name", ["contact_widget", "payment_panel"])
@pytest.mark.parametrize("pk", ["0", "4711", str(2**63), "9" * 30, "9" * 5000], ids=len)
def test_what_does_not_exist_is_not_found(admin, name, pk):
    assert admin.get(reverse(name, args=[0]).replace("/0/", f"/{pk}/")).status_code == 404


def test_three_hundred_payments_take_the_statements_of_five(admin, store):
    counts = []
    for count in (5, 300):
        _many(store, count)
        with statements() as found:
            _widget(admin)
            _panel(admin, RecurringPayment.objects.first())
        counts.append(len(found))
    assert counts[0] == counts[1]


# ---- for whom


@pytest.mark.parametrize("name", ["contact_widget", "payment_panel"])
def test_strangers_must_sign_in(client, payment, name):
    pk = payment.contact_id if name == "contact_widget" else payment.pk
    assert client.get(reverse(name, args=[pk])).url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", ["contact_widget", "payment_panel"])
def test_whoever_may_not_see_payments_sees_none(client, payment, name):
    pk = payment.contact_id if name == "contact_widget" else payment.pk
    client.force_login(allowed("view_contact", "change_contact"))
    assert client.get(reverse(name, args=[pk])).status_code == 403


@pytest.mark.parametrize("role", ["Marketer", "Administrator"])
def test_both_roles_see_payments_and_only_one_is_led_to_manage_data(client, payment, role):
    client.force_login(member(role))
    manage = _widget(client).every("a", href=reverse("manage_data"))
    assert bool(manage) == (role == "Administrator")
    assert _panel(client, payment).every("dl")


# ---- nothing comes alive


def _nasty(store):
    """Make a payment of which every text is meant to break out."""
    texts = {name: NASTY for name, field in STORED.items() if field.kind.name == "text" and field.limit > 100}
    lines = {"name": NASTY, "sku": NASTY, "categories": [NASTY], "brands": [NASTY], "tags": [NASTY]}
    store.name = NASTY
    store.save()
    profile = Profile(email="ada@example.com", first_name=NASTY, last_name=NASTY)
    tell(store, report("sub_1", items=[lines], profile=profile, **ADA))
    values = texts | {"store_recurring_payment_id": "sub_1", "notes": [NASTY], "currency": "<b>", "email": NASTY}
    told(store, at=1, items=[lines, lines], **values)
    return told(store, at=2, items=[{"name": NASTY * 2}], **dict.fromkeys(texts.keys() - values.keys(), NASTY * 2))


@pytest.mark.parametrize("name", ["contact_widget", "payment_panel"])
def test_whatever_a_store_sends_stays_text(admin, store, name):
    payment = _nasty(store)
    pk = payment.contact_id if name == "contact_widget" else payment.pk
    page = admin.get(reverse(name, args=[pk])).content.decode()
    assert "&lt;img src=x" in page
    assert "<img" not in page
    assert "<b>" not in page
    assert not [one for one in read(page).walk() if "onerror" in one.attributes]


# ---- in French


def test_the_widget_speaks_french(admin, payment):
    admin.cookies["django_language"] = "fr"
    shown = _widget(admin)
    assert shown.one("h2").text == "Paiements récurrents 1"
    assert [head.text for head in shown.every("th")][:3] == [
        "Statut du paiement récurrent",
        "Nom",
        "Montant du paiement",
    ]
    assert "49,90 €" in shown.one("td", data_field="payment_amount").text


def test_the_panel_speaks_french(admin, store):
    told(store, status="active", **ADA)
    shown = _panel(admin, told(store, at=1, status="paused"))
    assert "Adresse de facturation : ville" not in shown.text
    admin.cookies["django_language"] = "fr"
    shown = _panel(admin, RecurringPayment.objects.get())
    assert shown.one("div", data_field="billing_city").one("dt").text == "Adresse de facturation : ville"
    assert "Vide" in shown.one("div", data_field="billing_city").text
    assert "Actif" in shown.one("li", data_change="updated").text
