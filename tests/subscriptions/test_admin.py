"""The list of all recurring payments: found, filtered, exported, shown, and written by nobody here."""

import csv
import io

import pytest
from django.urls import reverse

from subscriptions.catalogue import FIELDS
from subscriptions.models import Change, LineItem, RecurringPayment
from subscriptions.services import CHUNK
from tests.html import read
from tests.people import allowed, member
from tests.statements import statements, writes
from tests.subscriptions.reports import after, report, stored, tell, told

pytestmark = pytest.mark.django_db
LIST = "admin:subscriptions_recurringpayment_changelist"
EXPORT = "admin:subscriptions_recurringpayment_export"
CHANGE = "admin:subscriptions_recurringpayment_change"
ADA = {"email": "ada@example.com"}
NASTY = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def payments(store, other_store):
    """Four payments that differ in all that one looks for."""
    told(
        store,
        sub="sub_1",
        name="Pro",
        status="active",
        store_customer_id="cus_1",
        store_external_id="order-7",
        currency="EUR",
        payment_amount="49.9",
        is_trial=True,
        **ADA,
    )
    told(store, sub="sub_2", name="Basic", status="paused", last_payment_status="declined", **ADA)
    told(store, sub="sub_3", name="Nobody's", status="active", cancel_at_period_end=True)
    told(other_store, sub="I-4", name="Box", status="cancelled", email="bob@example.com")


def _found(client, **asked):
    answer = client.get(reverse(LIST), asked)
    assert answer.status_code == 200
    return [str(payment) for payment in answer.context["cl"].result_list]


def _exported(client, **asked):
    answer = client.get(reverse(EXPORT), asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline="")))


def _details(payment):
    return reverse(CHANGE, args=[payment.pk])


# ---- finding


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Box", "Nobody's", "Basic", "Pro"]),
        ({"q": "sub_1"}, ["Pro"]),
        ({"q": "cus_1"}, ["Pro"]),
        ({"q": "ORDER-7"}, ["Pro"]),
        ({"q": "i-4"}, ["Box"]),
        ({"q": "bob@"}, ["Box"]),
        ({"q": "bas"}, ["Basic"]),
        ({"q": "%"}, []),
        ({"status__exact": "active"}, ["Nobody's", "Pro"]),
        ({"status__exact": "active", "contact_known": "no"}, ["Nobody's"]),
        ({"contact_known": "yes"}, ["Box", "Basic", "Pro"]),
        ({"contact_known": "perhaps"}, ["Box", "Nobody's", "Basic", "Pro"]),
        ({"is_trial__exact": "1"}, ["Pro"]),
        ({"cancel_at_period_end__exact": "1"}, ["Nobody's"]),
        ({"last_payment_status__exact": "declined"}, ["Basic"]),
        ({"o": "0"}, ["Basic", "Box", "Nobody's", "Pro"]),
        ({"o": "-0"}, ["Pro", "Nobody's", "Box", "Basic"]),
    ],
    ids=str,
)
def test_payments_are_found(admin, payments, asked, names):
    assert _found(admin, **asked) == names
    assert [row[2] for row in _exported(admin, **asked)[1:]] == names


def test_payments_of_one_store_are_found(admin, payments, other_store):
    assert _found(admin, store__id__exact=other_store.pk) == ["Box"]


def test_the_newest_at_the_store_come_first(admin, store):
    tell(store, *(report(f"sub_{n}", store_created_date=after(-n)) for n in range(3)))
    assert _found(admin) == ["sub_0", "sub_1", "sub_2"]


def test_a_row_says_what_the_widget_says(admin, payments):
    row = next(one for one in read(admin.get(reverse(LIST)).content).every("tr") if "Pro" in one.text)
    for words in ("Active", "€49.90", "ada@example.com", "Shop"):
        assert words in row.text


def test_the_list_takes_the_same_statements_however_long_it_is(admin, store):
    counts = []
    for count in (2, 40):
        tell(store, *(report(f"sub_{n}", email=f"p{n}@example.com", items=[{"name": "Tea"}]) for n in range(count)))
        with statements() as found:
            assert len(_found(admin)) == count
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_whatever_a_store_sends_stays_text(admin, store):
    tell(store, report(name=NASTY, store_status=NASTY, currency="<b>", payment_amount=1))
    for address in (reverse(LIST), _details(stored(store))):
        page = admin.get(address).content.decode()
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page
        assert not [one for one in read(page).walk() if "onerror" in one.attributes]


# ---- exporting


def test_the_export_has_all_sixty_columns(admin, store):
    told(
        store,
        name="Pro",
        payment_amount="-49.9",
        is_trial=False,
        start_date=after(0),
        notes=["a", "b"],
        items=[{"name": "Tea", "tags": ["hot"]}, {"name": "Pot"}],
        billing_city="=cmd()",
    )
    header, row = _exported(admin)
    assert header == [str(field.label) for field in FIELDS]
    shown = {field.name: value for field, value in zip(FIELDS, row, strict=True) if value}
    assert shown == {
        "legacy_connection_id": str(store.pk),
        "store_recurring_payment_id": "sub_1",
        "name": "Pro",
        "status": "pending",
        "payment_amount": "-49.9000",
        "is_trial": "False",
        "start_date": "2026-03-01T12:00:00Z",
        "notes": "a, b",
        "line_item_name": "Tea, Pot",
        "line_item_tag": "hot",
        "billing_city": "'=cmd()",
    }


def test_the_export_speaks_the_reader_s_language_in_its_sixty_columns(admin):
    admin.cookies["django_language"] = "fr"
    [header] = _exported(admin)
    assert len(set(header)) == 60
    assert header[2:5] == ["Nom", "E-mail", "Statut du paiement récurrent"]


def test_a_long_export_takes_few_statements(admin, store):
    tell(store, *(report(f"sub_{n}", items=[{"name": "Tea"}]) for n in range(CHUNK)))
    with statements() as found:
        assert len(_exported(admin)) == CHUNK + 1
    assert len(found) < 20


# ---- one payment's page


def test_a_payment_with_a_contact_is_shown_on_the_contact_s_page(admin, store):
    payment = told(store, **ADA)
    address = f"{reverse('admin:contacts_contact_change', args=[payment.contact_id])}?payment={payment.pk}"
    answer = admin.get(_details(payment))
    assert (answer.status_code, answer.url) == (302, address)
    assert read(admin.get(reverse(LIST)).content).every("a", href=address)


def test_a_payment_without_a_contact_has_its_own_page(admin, store):
    payment = told(store, name="Pro", store_customer_id="cus_1")
    page = read(admin.get(_details(payment)).content)
    assert "has no contact yet" in page.text
    assert len(page.every("div", data_field=None)) == 60
    assert page.one("li", data_change="created")
    assert read(admin.get(reverse(LIST)).content).every("a", href=_details(payment))


@pytest.mark.parametrize("pk", ["0", "4711", "x", "9" * 30, "1_2"], ids=ascii)
def test_a_payment_that_does_not_exist_is_not_found(admin, pk):
    assert admin.get(reverse(CHANGE, args=[0]).replace("/0/", f"/{pk}/")).status_code == 404


# ---- nobody writes


@pytest.mark.parametrize("email", ["", "ada@example.com"], ids=["without a contact", "with a contact"])
def test_what_is_sent_to_a_payment_s_page_changes_nothing(admin, store, email):
    payment = told(store, name="Pro", email=email)
    with writes() as written:
        answer = admin.post(_details(payment), {"name": "Hacked", "status": "cancelled", "_save": "Save"})
    assert answer.status_code in (200, 302, 403, 405)
    assert [sql for sql in written if "subscriptions_" in sql] == []
    assert stored(store).name == "Pro"


def test_not_even_a_superuser_adds_or_deletes_payments(admin, store):
    payment = told(store, items=[{"name": "Tea"}])
    delete = reverse("admin:subscriptions_recurringpayment_delete", args=[payment.pk])
    add = reverse("admin:subscriptions_recurringpayment_add")
    for address in (add, delete):
        assert admin.get(address).status_code == 403
        assert admin.post(address, {"post": "yes", "name": "New"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [payment.pk], "post": "yes"}
    assert admin.post(reverse(LIST), action).status_code in (200, 302, 403)
    assert [RecurringPayment.objects.count(), LineItem.objects.count(), Change.objects.count()] == [1, 1, 1]


def test_deleting_a_contact_leaves_the_payments(admin, store):
    payment = told(store, name="Pro", **ADA)
    delete = reverse("admin:contacts_contact_delete", args=[payment.contact_id])
    assert admin.post(delete, {"post": "yes"}).status_code == 302
    assert (stored(store).name, stored(store).contact) == ("Pro", None)


# ---- who may


@pytest.mark.parametrize("role", ["Marketer", "Administrator"])
def test_both_roles_see_the_list_take_it_along_and_open_a_payment(client, store, role):
    payment = told(store, name="Pro")
    client.force_login(member(role))
    assert _found(client) == ["Pro"]
    assert len(_exported(client)) == 2
    assert client.get(_details(payment)).status_code == 200
    assert client.post(_details(payment), {"name": "Hacked"}).status_code in (200, 403)
    assert stored(store).name == "Pro"


def test_whoever_may_not_see_payments_sees_none(client, store):
    addresses = [reverse(LIST), reverse(EXPORT), _details(told(store))]
    for address in addresses:
        assert client.get(address).url.startswith(reverse("admin:login"))
    client.force_login(allowed("view_contact", "add_contact"))
    for address in addresses:
        assert client.get(address).status_code == 403
