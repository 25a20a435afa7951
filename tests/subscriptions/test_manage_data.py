"""Manage data over HTTP: who may, what the forms do, what the script is answered, and what is said."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from contacts.services import Profile
from subscriptions import field_order, manage_data_page, manage_data_words
from subscriptions.catalogue import BY_NAME, DEFAULT_ORDER
from subscriptions.field_order import Order
from subscriptions.models import FieldOrder
from tests.subscriptions.reports import report, tell

PAGE = "/admin/manage-data/recurring-payments/"
OPERATIONS = ["move", "undo", "redo", "reset"]
SCRIPT = {"accept": "application/json"}
FORM = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LAST = DEFAULT_ORDER[-1]
ADA = {"email": "ada@example.com", "profile": Profile(email="ada@example.com", first_name="Ada", last_name="Lovelace")}
BOB = {"email": "bob@example.com", "profile": Profile(email="bob@example.com", first_name="Bob", last_name="<b>Bo</b>")}


@pytest.fixture
def bert(db: None) -> Client:
    """Another administrator's browser; no superuser, only the permissions of the role."""
    user = User.objects.create_user("bert", is_staff=True)
    wanted = Permission.objects.filter(codename__in=["change_fieldorder", "view_recurringpayment"])
    user.user_permissions.set(wanted)
    return _signed_in(user)


@pytest.fixture
def marketer(db: None) -> Client:
    """The browser of somebody who works here and may not order the fields."""
    return _signed_in(User.objects.create_user("mark", is_staff=True))


def _signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def _post(client, operation="move", *, headers=SCRIPT, seen=0, **data):
    return client.post(reverse(f"manage_data_{operation}"), {"seen": seen, **data}, headers=headers)


def _text(response):
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def _shown(client):
    return re.findall(r'<li class="md-row" id="field-\w+" data-field="(\w+)"', client.get(PAGE).content.decode())


# ---- who may


def test_the_page_has_its_address():
    assert reverse("manage_data") == PAGE


@pytest.mark.parametrize("address", [PAGE, *(f"{PAGE}{operation}/" for operation in OPERATIONS)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_without_signing_in(db, client, address, method):
    response = getattr(client, method)(address)
    assert (response.status_code, response["location"]) == (302, f"/admin/login/?next={address}")


def test_who_may_not_is_told_who_may_and_what_to_do(marketer):
    response = marketer.get(PAGE)
    assert response.status_code == 403
    assert "Only administrators may order the fields" in _text(response)
    assert "Ask an administrator" in _text(response)
    assert b'id="nav-sidebar"' in response.content


@pytest.mark.parametrize("operation", OPERATIONS)
def test_who_may_not_changes_nothing(marketer, operation):
    assert _post(marketer, operation, headers=FORM, field=LAST, to=1).status_code == 403
    answer = _post(marketer, operation, field=LAST, to=1)
    assert (answer.status_code, answer.json()["tone"]) == (403, "bad")
    assert "Only administrators" in answer.json()["message"]
    assert not FieldOrder.objects.exists()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_must_be_posted_with_its_token(admin_user, operation):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert client.get(reverse(f"manage_data_{operation}")).status_code == 405
    assert _post(client, operation, field=LAST, to=1).status_code == 403


def test_the_permission_is_enough(bert):
    assert bert.get(PAGE).status_code == 200
    assert _post(bert, field=LAST, to=1).status_code == 200


# ---- what the page shows


def test_the_page_lists_every_field_in_the_saved_order(admin):
    assert _shown(admin) == list(DEFAULT_ORDER)
    _post(admin, field=LAST, to=3)
    assert _shown(admin) == list(field_order.current().names)


def test_a_row_tells_kind_and_stores(admin):
    said = _text(admin.get(PAGE))
    assert "Discount amount Amount · Stripe, WooCommerce, API" in said
    assert "Name Text · all stores" in said
    assert "Shipping address line 3 Text · API" in said


def test_the_first_row_goes_no_higher_and_the_last_no_lower(admin):
    body = admin.get(PAGE).content.decode()
    disabled = re.findall(r'data-move="(\w+)" disabled aria-label="([^"]+)"', body)
    assert disabled == [
        ("up", "Move Recurring payment status up"),
        ("top", "Move Recurring payment status to the top"),
        ("down", "Move Billing address email down"),
    ]


@pytest.mark.parametrize(
    ("name", "button", "position"),
    [
        (DEFAULT_ORDER[1], "up", 1),
        (DEFAULT_ORDER[9], "up", 9),
        (DEFAULT_ORDER[9], "down", 11),
        (DEFAULT_ORDER[9], "top", 1),
        (DEFAULT_ORDER[0], "down", 2),
        (DEFAULT_ORDER[-3], "down", 59),
        (DEFAULT_ORDER[-2], "down", 60),
        (LAST, "top", 1),
    ],
)
def test_the_buttons_are_forms_that_work_without_a_script(admin, name, button, position):
    data = _form(admin.get(PAGE).content.decode(), name, button)
    response = admin.post(reverse("manage_data_move"), data, headers=FORM, follow=True)
    assert response.redirect_chain == [(f"{PAGE}#field-{name}", 302)]
    assert field_order.current().names.index(name) + 1 == position
    assert f"{BY_NAME[name].label}, now {position} of 60" in _text(response)


def _form(body, name, button):
    """Return what a browser without scripts sends when this button of this row is pressed."""
    row = re.search(rf'<li class="md-row" id="field-{name}".*?</li>', body, re.DOTALL).group()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', row))
    pressed = re.search(rf'name="(\w+)" value="([^"]*)" data-move="{button}"', row).groups()
    return hidden | dict([pressed])


def test_the_number_of_queries_depends_on_nothing(admin, store, django_assert_num_queries):
    _post(admin, field=LAST, to=1)
    tell(store, report("sub_1", **ADA, items=[{"name": "Tea"}]))
    with django_assert_num_queries(11):
        admin.get(PAGE)
    tell(store, *(report(f"sub_{n}", **ADA, items=[{"name": "Tea"}, {"name": "Pot"}]) for n in range(2, 40)))
    for position in range(2, 9):
        _post(admin, field=LAST, to=position)
    with django_assert_num_queries(11):
        admin.get(PAGE)


# ---- the preview


@pytest.mark.django_db
def test_without_payments_the_preview_says_what_to_do(admin):
    assert "Connect a store" in _text(admin.get(PAGE))


def test_who_may_not_see_payments_sees_none(store, bert):
    tell(store, report(**BOB))
    assert "page of Bob" in _text(bert.get(PAGE))
    User.objects.get(username="bert").user_permissions.filter(codename="view_recurringpayment").delete()
    assert "page of Bob" not in _text(bert.get(PAGE))


def test_the_preview_is_of_a_contact_with_several_payments(admin_user, store):
    tell(store, *(report(f"a{n}", **ADA, store_created_date=f"2026-01-0{n}T00:00:00Z") for n in range(1, 6)))
    tell(store, report("b1", **BOB, store_created_date="2026-02-01T00:00:00Z"))
    preview = manage_data_page.preview(Order(), admin_user)
    assert str(preview.contact) == "Ada Lovelace"
    assert (preview.count, len(preview.rows)) == (5, 3)
    assert [cell.field.name for cell in preview.rows[0]] == list(DEFAULT_ORDER)


def test_what_a_store_sends_is_escaped(admin, store):
    tell(store, report(**BOB, name="<script>alert(1)</script>", notes=['"><img src=x>']))
    body = admin.get(PAGE).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "&lt;b&gt;Bo&lt;/b&gt;" in body
    assert not re.search("<script>alert|<b>Bo|<img src=x", body)


# ---- what the script is answered


def test_the_script_gets_the_order_and_the_words(admin):
    answer = _post(admin, field="shipping_city", to=3)
    assert answer.status_code == 200
    told = answer.json()
    assert told["names"] == list(field_order.current().names)
    assert (told["version"], told["field"], told["tone"]) == (1, "shipping_city", "good")
    assert told["message"] == "Shipping address city, now 3 of 60, shown on the contact's page"
    assert "Undo" in told["state"]
    assert "Changed by admin" in told["state"]


def test_below_the_fifth_nothing_is_said_to_be_shown(admin):
    assert _post(admin, field=LAST, before=DEFAULT_ORDER[5]).json()["message"] == "Billing address email, now 6 of 60"


def test_a_move_to_the_same_place_says_so(admin):
    assert _post(admin, field="name", to=2).json()["message"] == "Name stays 2 of 60"


def test_undo_redo_and_reset_say_what_they_did(admin):
    _post(admin, field=LAST, to=1)
    said = [
        _post(admin, operation, seen=seen).json()["message"]
        for seen, operation in enumerate(["undo", "redo", "reset", "undo", "redo"], start=1)
    ]
    assert said == [
        "Undone: Billing address email, now 60 of 60",
        "Made again: Billing address email, now 1 of 60, shown on the contact's page",
        "All fields are in the default order",
        "Undone: The order is as it was before the reset",
        "Made again: All fields are in the default order",
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"field": "colour", "to": 1},
        {"field": "", "to": 1},
        {"field": "\x00", "to": 1},
        {"field": "name"},
        {"field": "name", "to": 0},
        {"field": "name", "to": 61},
        {"field": "name", "to": "first"},
        {"field": "name", "to": "-1"},
        {"field": "name", "to": "9" * 5000},
        {"field": "name", "before": ""},
        {"field": "name", "before": "colour"},
        {"field": "name", "to": 1, "before": "email"},
        {"field": "name", "to": 1, "seen": ""},
        {"field": "name", "to": 1, "seen": "-1"},
        {"field": "name", "to": 1, "seen": "x" * 5000},
    ],
)
def test_what_is_broken_is_refused_in_words_and_the_true_order_is_answered(admin, data):
    answer = _post(admin, **data)
    assert answer.status_code == 400
    assert (answer.json()["tone"], answer.json()["names"]) == ("bad", list(DEFAULT_ORDER))
    assert len(answer.json()["message"]) > 20
    assert not FieldOrder.objects.exists()


def test_what_is_broken_is_also_said_to_a_form(admin):
    response = admin.post(
        reverse("manage_data_move"), {"field": "colour", "to": 1, "seen": 0}, headers=FORM, follow=True
    )
    assert response.redirect_chain == [(PAGE, 302)]
    assert "There is no field called “colour”." in _text(response)


# ---- two administrators


def test_both_moves_are_kept_and_said_to_be(admin, bert):
    _post(admin, field="shipping_city", to=1)
    told = _post(bert, field="email", to=3).json()
    assert (told["names"][0], told["names"][2], told["tone"]) == ("shipping_city", "email", "warn")
    assert told["message"].endswith("admin moved Shipping address city meanwhile; both changes are kept.")


def test_many_changes_meanwhile_are_told_briefly(admin, bert):
    for seen, field in enumerate(["shipping_city", "email", "notes", "currency", "email"]):
        _post(admin, field=field, to=1, seen=seen)
    assert (
        _post(bert, field="name", to=60)
        .json()["message"]
        .endswith(
            "admin moved Shipping address city, admin moved Email, admin moved Notes, and 1 more change was made"
            " meanwhile; all changes are kept."
        )
    )


@pytest.mark.parametrize("operation", ["undo", "redo", "reset"])
def test_on_an_old_page_nothing_of_anothers_is_taken_back(admin, bert, operation):
    _post(bert, field="email", to=1)
    _post(admin, field="shipping_city", to=1, seen=1)
    answer = _post(bert, operation, seen=1)
    assert answer.status_code == 409
    assert answer.json()["names"][:2] == ["shipping_city", "email"]
    assert answer.json()["message"] == (
        "admin moved Shipping address city meanwhile. Nothing was overwritten: this is the newest order."
    )
    assert FieldOrder.objects.count() == 2


def test_the_other_window_is_called_by_its_name(admin):
    _post(admin, field="email", to=1)
    assert "You changed the order in another window" in _post(admin, "reset", seen=0).json()["message"]


def test_undo_is_offered_only_to_whose_change_is_the_newest(admin, bert):
    _post(admin, field="email", to=1)
    undo = reverse("manage_data_undo").encode()
    assert undo in admin.get(PAGE).content
    assert undo not in bert.get(PAGE).content
    answer = _post(bert, "undo", seen=1)
    assert (answer.status_code, field_order.current().version) == (409, 1)
    assert "not yours" in answer.json()["message"]


def test_a_reset_is_offered_where_it_would_change_something(admin):
    reset = reverse("manage_data_reset").encode()
    assert reset not in admin.get(PAGE).content
    _post(admin, field="email", to=1)
    assert reset in admin.get(PAGE).content


def test_a_conflict_is_also_said_to_a_form(admin, bert):
    _post(admin, field="email", to=1)
    response = bert.post(reverse("manage_data_reset"), {"seen": 0}, headers=FORM, follow=True)
    assert "admin moved Email meanwhile." in _text(response)


def test_whose_account_is_gone_is_somebody(db):
    assert manage_data_words.who(None) == "Somebody"
    assert manage_data_words.who(User(username="anna", first_name="Anna", last_name="Smith")) == "Anna Smith"


def test_a_french_page_has_french_names_of_fields(admin):
    with translation.override("fr"):
        body = _text(admin.get(PAGE, headers={"accept-language": "fr"}))
    assert "Date du prochain paiement" in body
