"""No export hands a spreadsheet something to run."""

import csv
import io
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.audit.csv_export import CsvExport
from config.audit.log import record
from config.audit.models import Entry
from contacts.models import Contact, Tag
from subscriptions.catalogue import STORED
from subscriptions.kinds import TEXT
from subscriptions.models import LineItem, RecurringPayment, Store

EXPORTS = {model for model, page in admin.site._registry.items() if isinstance(page, CsvExport)}
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def fill(start: str) -> None:
    """Let every text of a person and of a payment begin like a formula."""
    text = f"{start}X()"
    person = Contact.objects.create(email=text, first_name=text, last_name=text, phone=text, company=text)
    person.tags.add(Tag.objects.create(name=text))
    told = {name: text[: field.limit] for name, field in STORED.items() if field.kind is TEXT}
    store = Store.objects.create(name=text, provider="api")
    payment = RecurringPayment.objects.create(store=store, contact=person, as_of=timezone.now(), **told)
    lists: dict[str, Any] = {name: [text] for name in ("categories", "brands", "tags")}
    LineItem.objects.create(payment=payment, position=0, name=text, sku=text, store_primary_id=text, **lists)


def test_these_are_the_exports_there_are() -> None:
    assert {Contact, RecurringPayment, Entry} == EXPORTS


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_any_export_begins_like_a_formula(admin_client: Client, start: str) -> None:
    fill(start)
    for model in (Contact, RecurringPayment):
        answer: Any = admin_client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export"))
        text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
        [_, cells] = csv.reader(io.StringIO(text, newline=""))
        assert sum("X()" in cell for cell in cells) >= 5
        assert [cell for cell in cells if cell.startswith(STARTS)] == []


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_the_audit_log_begins_like_a_formula(admin_client: Client, start: str) -> None:
    record("sign_in_failed", name=f"{start}X()")
    answer: Any = admin_client.get(reverse("admin:audit_entry_export"))
    rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode().removeprefix("\ufeff"), newline=""))
    assert [cell for row in rows for cell in row if cell.startswith(STARTS)] == []
