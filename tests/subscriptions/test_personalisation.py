"""Personal tags: what they say in each language, what is refused with its place, and that none can run away."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact
from subscriptions import personalisation
from subscriptions.catalogue import FIELDS
from subscriptions.models import Store
from subscriptions.personalisation import RenderError, check, render
from tests.subscriptions.reports import report, stored, tell

pytestmark = pytest.mark.django_db
ITEMS = [
    {"name": "Pro", "sku": "P-1", "amount": "30", "quantity": "2"},
    {"name": "Box", "amount": "19.5", "quantity": "1"},
]
VALUES: dict[str, Any] = {
    "name": "Plan",
    "status": "payment_failed",
    "payment_amount": "49.5",
    "currency": "EUR",
    "next_payment_date": datetime(2026, 12, 3, 23, tzinfo=UTC),
    "payment_method_expiration": datetime(2026, 12, 1, tzinfo=UTC),
    "is_trial": False,
    "total_cycles": 3,
}


@pytest.fixture
def ada() -> Contact:
    return Contact.objects.create(email="ada@example.com", email_key="ada@example.com", first_name="Ada")


def written(store: Store, ada: Contact, text: str, *, language: str = "en", **values: Any) -> str:
    """Write a text about Ada's payment; no-break spaces as spaces."""
    tell(store, report(email=ada.email, items=ITEMS, **VALUES | values))
    with translation.override(language):
        return " ".join(render(check(text), ada, stored(store)).split())


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("{{ recurring_payment.payment_amount }}", "€49.50", "49,50 €"),
        ("{{ recurring_payment.next_payment_date }}", "Dec 3, 2026", "3 déc. 2026"),
        ("{{ recurring_payment.next_payment_date | date: 'long' }}", "December 3, 2026", "3 décembre 2026"),
        ("{{ recurring_payment.next_payment_date | date: '%d.%m.' }}", "03.12.", "03.12."),
        ("{{ recurring_payment.payment_method_expiration }}", "Dec 2026", "déc. 2026"),
        ("{{ recurring_payment.status }}", "Payment failed", "Paiement échoué"),
        ("{{ recurring_payment.is_trial }}", "No", "Non"),
        ("{{ recurring_payment.line_item_name }}", "Pro, Box", "Pro, Box"),
        ("{{ recurring_payment.payment_amount | divided_by: 12 | round: 2 }}", "€4.13", "4,13 €"),
        ("{{ recurring_payment.total_cycles | times: 2.5 }}", "7.5", "7,5"),
        ("{{ 1234.5 | money: 'EUR' }}", "€1,234.50", "1 234,50 €"),
        (
            "{% for a in recurring_payment.line_items %}{{ a.name }}: {{ a.amount }} ({{ a.quantity }}); {% endfor %}",
            "Pro: €30.00 (2); Box: €19.50 (1);",
            "Pro: 30,00 € (2); Box: 19,50 € (1);",
        ),
    ],
)
def test_values_are_written_in_the_language_that_is_active(
    store: Store, ada: Contact, text: str, english: str, french: str
) -> None:
    assert written(store, ada, text) == english
    assert written(store, ada, text, language="fr") == french


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if recurring_payment.status == 'payment_failed' %}yes{% endif %}", "yes"),
        ("{% if recurring_payment.payment_amount > 49 %}yes{% endif %}", "yes"),
        ("{% unless recurring_payment.is_trial %}yes{% endunless %}", "yes"),
        ("{{ recurring_payment.cancelled_date | default: 'never' }}", "never"),
        ("{{ recurring_payment.cancelled_date }}", ""),
        ("{{ contact.last_name | default: contact.first_name }}", "Ada"),
        ("%CONTACT_FIRST_NAME%, 100% of %RECURRING_PAYMENT_NAME%", "Ada, 100% of Plan"),
        ("{{ contact.first_name.size }}{{ contact.email | upcase }}", None),
    ],
)
def test_values_can_be_asked_about(store: Store, ada: Contact, text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="there is no tag"):
            check(text)
    else:
        assert written(store, ada, text) == expected


def test_every_field_has_a_tag_that_says_it(store: Store, ada: Contact) -> None:
    for field in FIELDS:
        written(store, ada, f"{{{{ recurring_payment.{field.name} }}}} %RECURRING_PAYMENT_{field.name.upper()}%")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n{{ contact.nme }}", r"there is no tag “contact.nme” \(line 2\)"),
        ("{{ settings.SECRET_KEY }}", "there is no tag “settings.SECRET_KEY”"),
        ("{{ contact['first_name']['x'] }}", "there is no tag"),
        ("{{ contact[contact.email] }}", "there is no tag"),
        ("{{ recurring_payment }}", "there is no tag “recurring_payment”"),
        ("%RECURRING_PAYMENT_NONSENSE%", "there is no tag “recurring_payment.nonsense”"),
        ("{{ contact.first_name | replace: 'a', 'b' }}", "there is no filter “replace”"),
        ("{% include 'x' %}", "cannot be read as a tag: line 1"),
        ("{% render 'x' %}", "cannot be read as a tag"),
        ("{% if contact.email %}", "cannot be read as a tag"),
        ("{{ contact.first_name", "cannot be read as a tag"),
        ("{% for a in (1..2) %}" * 20 + "{% endfor %}" * 20, "cannot be read as a tag"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(text)


def test_without_a_payment_its_tags_are_refused() -> None:
    assert check("{{ contact.email }}", has_payment=False)
    with pytest.raises(ValueError, match="no trigger here brings one"):
        check("{{ recurring_payment.name }}", has_payment=False)
    assert {name for name, _label in personalisation.tags(has_payment=False)} < {
        name for name, _label in personalisation.tags(has_payment=True)
    }


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in (1..100000000) %}{% endfor %}",
        "{% for a in (1..900) %}{% for b in (1..900) %}{% endfor %}{% endfor %}",
        "{% assign a = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..100) %}{% assign a = a | append: a %}{% endfor %}",
        "{% capture a %}" + "x" * 70_000 + "{% endcapture %}",
        "{% for i in (1..900) %}" + "x" * 1_000 + "{% endfor %}",
        "{% assign a = 'x' %}{{ a | plus: 1 }}",
        "{{ 1 | divided_by: 0 }}",
    ],
)
def test_what_would_run_long_or_write_much_is_stopped_at_once(ada: Contact, text: str) -> None:
    start = time.monotonic()
    with pytest.raises(RenderError):
        render(text, ada, None)
    assert time.monotonic() - start < 5  # without its limits each of them takes minutes, or the machine's memory


def test_nothing_but_data_can_be_reached(store: Store, ada: Contact) -> None:
    for path in ("contact.__class__", "contact.pk", "contact.delete", "contact._state", "recurring_payment.store.name"):
        with pytest.raises(ValueError, match="there is no tag"):
            check(f"{{{{ {path} }}}}")
    assert render("{{ contact.first_name.__class__ }}{{ contact.objects }}", ada, None) == ""


@given(st.text(st.characters(codec="utf-8", exclude_characters="{%"), max_size=200))
def test_a_text_without_tags_stays_as_it_is(text: str) -> None:
    assert render(check(text), Contact(first_name="Ada"), None) == text


@given(name=st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=50))
def test_what_a_person_is_called_is_never_read_as_a_tag(name: str) -> None:
    ada = Contact(first_name=name, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert render("{{ contact.first_name }}", ada, None) == name
