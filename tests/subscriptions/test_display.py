"""A value for human eyes: money, days, statuses and reasons, in English and in French."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from subscriptions import display
from subscriptions.catalogue import BY_NAME, FIELDS, LastPaymentStatus, Status
from subscriptions.models import RecurringPayment, Store
from tests.subscriptions.anything import amounts, texts

MOMENT = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)
PARIS, TOKYO, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Paris", "Asia/Tokyo", "America/New_York"))


def _plain(text):
    """Read the spaces that keep a number together as spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _payment(provider="stripe", /, **values):
    return RecurringPayment(store=Store(pk=1, name="Shop", provider=provider), **values)


def _cell(name, provider="stripe", /, **values):
    return display.cell(BY_NAME[name], _payment(provider, **values))


# ---- money


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        ("49.9000", "USD", "$49.90", "49,90 $US"),
        ("49.9000", "EUR", "€49.90", "49,90 €"),
        ("1234567.8900", "EUR", "€1,234,567.89", "1 234 567,89 €"),
        ("0.0000", "EUR", "€0.00", "0,00 €"),
        ("-5.0000", "USD", "-$5.00", "-5,00 $US"),
        ("500.0000", "JPY", "¥500", "500 JPY"),
        ("1234.0000", "JPY", "¥1,234", "1 234 JPY"),
        ("500.5000", "JPY", "¥500.5", "500,5 JPY"),
        ("1.2340", "KWD", "KWD1.234", "1,234 KWD"),
        ("1.2000", "KWD", "KWD1.200", "1,200 KWD"),
        ("0.0050", "USD", "$0.005", "0,005 $US"),
        ("0.0001", "EUR", "€0.0001", "0,0001 €"),
        ("99999999999.9999", "USD", "$99,999,999,999.9999", "99 999 999 999,9999 $US"),
        ("12.5000", "ZZZ", "ZZZ12.50", "12,50 ZZZ"),
        ("12.3456", "ZZZ", "ZZZ12.3456", "12,3456 ZZZ"),
        ("12.5000", "eur", "eur12.50", "12,50 eur"),
        ("12.5000", "", "12.5", "12,5"),
        ("1500.0000", "€", "1,500", "1 500"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(amount, currency, english, french):
    for language, text in (("en", english), ("fr", french)):
        with translation.override(language):
            assert _plain(display.money(Decimal(amount), currency)) == text


@given(amounts, st.sampled_from(["USD", "JPY", "KWD", "ZZZ", ""]))
def test_no_digit_of_an_amount_is_lost(amount, currency):
    with translation.override("en"):
        shown = display.money(amount, currency)
    digits = "".join(character for character in shown if character in "0123456789.-")
    assert Decimal(digits) == amount


@given(amounts, texts(3))
def test_no_currency_is_too_strange_to_be_shown(amount, currency):
    assert display.money(amount, currency)


# ---- billing cycles


@pytest.mark.parametrize(
    ("unit", "count", "english", "french"),
    [
        ("daily", 1, "$9.00/d", "9,00 $US/j"),
        ("weekly", 2, "$9.00/2 wk", "9,00 $US/2 sem."),
        ("monthly", 1, "$9.00/mo", "9,00 $US/mois"),
        ("monthly", 3, "$9.00/3 mo", "9,00 $US/3 mois"),
        ("yearly", None, "$9.00/yr", "9,00 $US/an"),
        ("monthly", 0, "$9.00/mo", "9,00 $US/mois"),
        ("", 3, "$9.00", "9,00 $US"),
    ],
)
def test_an_amount_says_how_often_it_is_paid(unit, count, english, french):
    values = {"payment_amount": Decimal(9), "currency": "USD", "billing_interval": unit}
    for language, text in (("en", english), ("fr", french)):
        with translation.override(language):
            cell = _cell("payment_amount", billing_interval_count=count, **values)
            assert (_plain(cell.text), cell.numeric) == (text, True)


def test_only_the_payment_amount_is_paid_again_and_again():
    cell = _cell("tax_amount", tax_amount=Decimal(9), currency="USD", billing_interval="monthly")
    assert cell.text == "$9.00"


# ---- dates


@pytest.mark.parametrize(
    ("zone", "language", "text"),
    [
        (UTC, "en", "Dec 3, 2026"),
        (NEW_YORK, "en", "Dec 3, 2026"),
        (PARIS, "en", "Dec 4, 2026"),
        (TOKYO, "fr", "4 déc. 2026"),
    ],
)
def test_a_date_is_the_day_in_the_account_s_time_zone(zone, language, text):
    with timezone.override(zone), translation.override(language):
        assert _cell("next_payment_date", next_payment_date=MOMENT).text == text


def test_a_date_says_its_moment_when_it_is_pointed_at():
    with timezone.override(PARIS):
        cell = _cell("next_payment_date", next_payment_date=datetime.now(UTC) + timedelta(days=3, minutes=1))
        assert cell.title.endswith(" · in 3 days")
        assert _plain(display.exact(MOMENT)) == "December 4, 2026, 12:30:00 AM +0100"
    with timezone.override(PARIS), translation.override("fr"):
        assert display.exact(MOMENT).startswith("4 décembre 2026, 00:30:00")


@pytest.mark.parametrize("zone", [UTC, NEW_YORK, TOKYO])
def test_a_card_expires_in_the_month_that_is_printed_on_it(zone):
    last_moment = datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)
    with timezone.override(zone):
        cell = _cell("payment_method_expiration", payment_method_expiration=last_moment)
    assert (cell.text, cell.title) == ("Jan 2027", "Jan 2027")


@pytest.mark.parametrize("zone", [NEW_YORK, UTC, TOKYO])
@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
def test_the_ends_of_the_calendar_can_be_shown_anywhere(zone, moment):
    with timezone.override(zone):
        cell = _cell("cancelled_date", cancelled_date=moment.replace(tzinfo=UTC))
    assert cell.text in ("Jan 1, 1", "Dec 31, 9999")


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (-5, "0 s", "0 s"),
        (0.84, "0.8 s", "0,8 s"),
        (12.9, "12 seconds", "12 secondes"),
        (61, "1 minute", "1 minute"),
        (30 * 3600, "1 day", "1 jour"),
    ],
)
def test_news_say_how_long_they_were_on_their_way(seconds, english, french):
    for language, text in (("en", english), ("fr", french)):
        with translation.override(language):
            assert _plain(display.lag(MOMENT, MOMENT + timedelta(seconds=seconds))) == text


def test_what_is_past_and_what_is_coming_is_told_apart():
    now = timezone.now()
    assert display.relative(now - timedelta(hours=2, minutes=1)) == "2 hours ago"
    assert display.relative(now - timedelta(seconds=61)) == "1 minute ago"
    assert display.relative(now + timedelta(hours=2, minutes=1)) == "in 2 hours"
    assert display.relative(timezone.now()) == "just now"
    with translation.override("fr"):
        assert display.relative(now - timedelta(hours=2, minutes=1)) == "il y a 2 heures"


# ---- statuses


@pytest.mark.parametrize("choices", [Status, LastPaymentStatus], ids=["status", "last payment"])
def test_every_status_has_a_word_and_looks_of_its_own(choices):
    name = "status" if choices is Status else "last_payment_status"
    cells = [_cell(name, **{name: value}) for value in choices.values]
    assert [cell.text for cell in cells] == [str(label) for label in choices.labels]
    assert all(cell.tone for cell in cells)
    assert len({(cell.tone, cell.icon) for cell in cells}) == len({cell.text for cell in cells}) == len(cells)


def test_a_status_that_is_no_longer_known_is_still_shown():
    cell = _cell("status", status="flux")
    assert (cell.text, cell.tone) == ("flux", "")


def test_the_status_names_the_store_s_own_word_when_it_is_pointed_at():
    assert _cell("status", status="active", store_status="trialing").title == "At the store: trialing"
    assert _cell("status", status="active").title == "Active"
    with translation.override("fr"):
        cell = _cell("status", status="payment_failed", store_status="past_due")
        assert cell.text == str(Status.PAYMENT_FAILED.label) != "Payment failed"
        assert "past_due" in cell.title


# ---- empty ones


@pytest.mark.parametrize(
    ("provider", "name", "english", "french"),
    [
        ("paypal", "anchor_date", "PayPal does not send this", "PayPal n’envoie pas cette donnée"),
        ("woocommerce", "total_cycles", "WooCommerce does not send this", "WooCommerce n’envoie pas cette donnée"),
        ("stripe", "shipping_company", "Stripe does not send this", "Stripe n’envoie pas cette donnée"),
        ("stripe", "anchor_date", "Empty", "Vide"),
        ("other", "shipping_address_3", "Empty", "Vide"),
    ],
)
def test_an_empty_field_says_why(provider, name, english, french):
    for language, reason in (("en", english), ("fr", french)):
        with translation.override(language):
            cell = _cell(name, provider)
            assert (cell.text, cell.title, cell.empty) == ("–", reason, True)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("is_trial", False, "No"),
        ("is_trial", True, "Yes"),
        ("total_cycles", 0, "0"),
        ("tax_amount", Decimal("0.0000"), "€0.00"),
        ("notes", ["a", "b"], "a, b"),
        ("legacy_connection_id", None, "1"),
        ("name", "Pro", "Pro"),
    ],
)
def test_nothing_is_empty_that_says_something(name, value, text):
    column = {} if name == "legacy_connection_id" else {name: value}
    cell = _cell(name, currency="EUR", **column)
    assert (cell.text, cell.title, cell.empty) == (text, text, False)


@pytest.mark.parametrize("field", [field for field in FIELDS if not field.item], ids=lambda field: field.name)
def test_every_empty_field_can_be_shown_and_said(field):
    blank = _payment(**{} if field.column else {field.name: field.kind.empty})
    assert display.cell(field, blank).text
    assert display.words(field, field.kind.empty) == "–"


# ---- in HTML


@pytest.mark.parametrize("name", ["name", "status", "store_status", "email", "currency", "notes"])
def test_whatever_a_store_sends_stays_text(name):
    nasty = '"><img src=x onerror=alert(1)>'
    value = [nasty] if name == "notes" else nasty
    shown = str(_cell(name, **{name: value}))
    assert "&lt;img src=x" in shown
    assert "<img" not in shown
    assert '""' not in shown
