"""What the widget, the head of the page and the panel hold, as plain data."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from contacts.models import Contact
from subscriptions import field_order
from subscriptions.catalogue import DEFAULT_ORDER
from subscriptions.models import Change
from subscriptions.widget import CHANGES_SHOWN, PAGE_SIZE, panel, payments_of, summary, widget
from tests.statements import statements
from tests.subscriptions.reports import after, report, stored, tell, told

ADA = {"email": "ada@example.com"}
ITEM_FIELDS = ("line_item_name", "line_item_sku", "line_item_tag")


def _many(store, count, **values):
    """Make so many payments of Ada, each a day newer than the one before."""
    day = 86400
    tell(
        store,
        *(
            report(f"sub_{n}", store_created_date=after(n * day), items=[{"name": "Tea"}], **ADA, **values)
            for n in range(count)
        ),
    )
    return Contact.objects.get()


def _names(rows):
    return [row.name for row in rows]


def _order(*names):
    """Put these fields first."""
    user, _ = User.objects.get_or_create(username="anna")
    for name in reversed(names):
        field_order.move(name, to=1, by=user, seen=0)


# ---- the widget


def test_the_widget_shows_the_first_five_fields_of_the_saved_order(store):
    ada = _many(store, 1)
    assert [cell.field.name for _, cell in widget(ada).rows[0].cells] == list(DEFAULT_ORDER[:5])
    _order("email", "is_trial", "line_item_name")
    shown = widget(ada)
    assert [cell.field.name for _, cell in shown.rows[0].cells] == [
        "email",
        "is_trial",
        "line_item_name",
        *DEFAULT_ORDER[:2],
    ]
    assert [column.label for column in shown.columns[:3]] == ["Email", "Is trial", "Line item name"]


def test_the_newest_payments_come_first_a_page_at_a_time(store):
    ada = _many(store, PAGE_SIZE + 3)
    first, second = widget(ada), widget(ada, page=2)
    assert _names(first.rows)[:2] == [f"sub_{PAGE_SIZE + 2}", f"sub_{PAGE_SIZE + 1}"]
    assert (len(first.rows), _names(second.rows)) == (PAGE_SIZE, ["sub_2", "sub_1", "sub_0"])


@pytest.mark.parametrize(
    ("page", "number"),
    [(None, 1), ("", 1), ("x", 1), ("1.5", 1), ("0", 2), ("-1", 2), ("2", 2), ("99", 2), ("9" * 4000, 2), ("²", 1)],
)
def test_a_page_that_does_not_exist_is_answered_with_one_that_does(store, page, number):
    ada = _many(store, PAGE_SIZE + 1)
    assert widget(ada, page=page).page.number == number


def test_somebody_else_s_payments_are_not_shown(store):
    told(store, sub="sub_1", email="bob@example.com", name="Bob's")
    told(store, sub="sub_2", name="Nobody's")
    told(store, sub="sub_3", name="Ada's", **ADA)
    assert _names(widget(Contact.objects.get(email="ada@example.com")).rows) == ["Ada's"]


def test_a_person_without_payments_has_an_empty_widget(db):
    shown = widget(Contact.objects.create(first_name="Ada"))
    assert (shown.rows, shown.page.paginator.count, shown.updated_at) == ([], 0, None)


def test_the_widget_knows_when_it_was_last_updated(store):
    ada = _many(store, 2)
    told(store, sub="sub_0", at=1, name="Pro")
    assert widget(ada).updated_at == stored(store, "sub_0").updated_at


@pytest.mark.parametrize("first", [DEFAULT_ORDER[:1], ITEM_FIELDS], ids=["plain", "items"])
def test_three_hundred_payments_take_the_statements_of_five(store, first):
    _order(*first)
    counts = []
    for count in (5, 300):
        ada = _many(store, count, name="Pro", status="active")
        with statements() as found:
            widget(ada)
            summary(ada)
            panel(payments_of(ada).for_display().first())
        counts.append(len(found))
    assert counts[0] == counts[1] < 20


# ---- the head of the page


def test_the_summary_counts_what_is_active_and_names_what_comes_next(store):
    values = {"currency": "EUR", "payment_amount": "49", "billing_interval": "monthly", **ADA}
    soon, later = (timezone.now() + timedelta(days=days) for days in (3, 30))
    told(store, sub="sub_1", status="active", next_payment_date=later, start_date=after(5), **values)
    told(store, sub="sub_2", status="active", next_payment_date=soon, start_date=after(9), **values)
    told(store, sub="sub_3", status="paused", next_payment_date=timezone.now(), start_date=after(1), **values)
    shown = summary(Contact.objects.get())
    assert (shown.active, shown.since, shown.next_payment) == (2, after(1), stored(store, "sub_2"))
    assert shown.next_cell.text == "€49.00/mo"


def test_the_summary_of_nothing_is_nothing(store):
    told(store, store_created_date=after(7), **ADA)
    shown = summary(Contact.objects.get())
    assert (shown.active, shown.since, shown.next_payment, shown.next_cell) == (0, after(7), None, None)


# ---- the panel


def test_the_panel_shows_all_sixty_fields_in_the_saved_order(store):
    _order("notes", "email")
    shown = panel(told(store, name="Pro", currency="EUR"))
    names = [cell.field.name for cell in shown.cells]
    assert names[:3] == ["notes", "email", DEFAULT_ORDER[0]]
    assert sorted(names) == sorted(DEFAULT_ORDER)
    # status, name, currency, its id and its store
    assert shown.empties == 60 - 5


def test_the_panel_leads_to_the_newer_and_the_older_payment(store):
    ada = _many(store, 3)
    newest, middle, oldest = payments_of(ada)
    assert (panel(newest).previous, panel(newest).next) == (None, middle.pk)
    assert (panel(middle).previous, panel(middle).next) == (newest.pk, oldest.pk)
    assert (panel(oldest).previous, panel(oldest).next) == (middle.pk, None)


def test_a_payment_without_a_contact_has_no_neighbours(store):
    told(store, sub="sub_2")
    assert (panel(told(store)).previous, panel(told(store)).next) == (None, None)


def test_the_panel_writes_line_items_out(store):
    tea = {"name": "Tea", "quantity": "2", "amount": "9.8", "categories": ["Drinks", "Gifts"], "tags": ["hot"]}
    milk = {"name": "Milk", "quantity": "0.5", "brands": ["Cow"], "tags": ["cold"]}
    shown = panel(told(store, currency="EUR", items=[tea, milk, {"name": "Pot", "tags": ["new"]}, {}]))
    assert [(row.item.name, row.about, row.quantity, row.amount) for row in shown.items] == [
        ("Tea", "Drinks, Gifts · hot", "2", "€9.80"),
        ("Milk", "Cow · cold", "0.5", ""),
        ("Pot", "new", "", ""),
        ("", "", "", ""),
    ]


def test_the_panel_tells_what_went_from_item_to_item(store):
    told(store, items=[{"name": "Tea", "tags": ["hot", "new"]}, {"name": "Pot"}])
    told(store, at=1, items=[{"name": "Tea", "tags": ["hot"]}, {"name": "Pot", "tags": ["new"]}])
    [told_so] = panel(stored(store)).entries[0].news
    assert (str(told_so.label), told_so.old, told_so.new) == (
        "Line items",
        "Tea (hot, new), Pot",
        "Tea (hot), Pot (new)",
    )


def test_the_panel_tells_what_changed_in_words_newest_first(store):
    tea, pot = {"name": "Tea", "quantity": 1, "amount": "4.5"}, {"name": "Pot"}
    told(store, status="active", payment_amount="49", currency="EUR", items=[tea, pot])
    told(store, at=1, status="paused", next_payment_date=None, items=[tea | {"quantity": 1500, "amount": 9}, pot])
    told(store, at=2, payment_amount="59", is_trial=False, items=[{"name": "Pot"}], **ADA)
    newest, older, created = panel(stored(store)).entries
    assert [str(entry.title) for entry in (newest, older, created)] == ["Changed", "Changed", "Created"]
    assert [(str(one.label), one.old, one.new) for one in older.news] == [
        ("Recurring payment status", "Active", "Paused"),
        ("Line item quantity", "1, –", "1,500, –"),
        ("Line item amount", "€4.50, –", "€9.00, –"),
    ]
    assert {(str(one.label), one.old, one.new) for one in newest.news} == {
        ("Payment amount", "€49.00", "€59.00"),
        ("Is trial", "–", "No"),
        ("Email", "–", "ada@example.com"),
        ("Contact", "–", "ada@example.com"),
        ("Line item name", "Tea, Pot", "Pot"),
    }


def test_a_contact_that_is_gone_is_a_dash_in_the_timeline(store):
    told(store)
    told(store, at=1, **ADA).contact.delete()
    [moved] = [one for one in panel(stored(store)).entries[0].news if str(one.label) == "Contact"]
    assert (moved.old, moved.new) == ("–", "–")


def test_a_field_that_the_catalogue_has_no_more_is_passed_over(store):
    payment = told(store)
    Change.objects.update(fields={"colour": [None, "red"], "name": [None, "Pro"]})
    [entry] = panel(payment).entries
    assert [(str(one.label), one.new) for one in entry.news] == [("Name", "Pro")]


def test_news_from_a_webhook_say_how_long_they_took_and_history_does_not(store):
    told(store)
    tell(store, report(at=1, name="Pro"), source=Change.Source.HISTORY)
    by_history, by_webhook = panel(stored(store)).entries
    assert (by_history.lag, bool(by_webhook.lag)) == ("", True)


def test_a_long_timeline_is_cut_and_says_by_how_much(store):
    for at in range(CHANGES_SHOWN + 5):
        told(store, at=at, name=f"Plan {at}")
    payment = stored(store)
    assert (len(panel(payment).entries), panel(payment).older) == (CHANGES_SHOWN, 5)
    assert (len(panel(payment, changes=1000).entries), panel(payment, changes=1000).older) == (CHANGES_SHOWN + 5, 0)
