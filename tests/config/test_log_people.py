"""Nothing of a person stands in the log, whatever fails."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from hypothesis import given
from hypothesis import strategies as st

from config.logs.people import without_addresses
from contacts.models import Contact
from integrations import inbox
from integrations.models import Delivery
from tests.contacts.importing.files import imported
from tests.integrations.contracts import CONTRACTS, deliver, made

EMAIL, NAME = "canary.bird@example.com", "Fringilla"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What would be printed, at every level, by the settings' own handler."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield told
    root.removeHandler(handler)
    root.setLevel(level)


def says_nothing(log: io.StringIO) -> bool:
    told = log.getvalue().casefold()
    assert told, "nothing was logged at all"
    return EMAIL not in told and NAME.casefold() not in told


@pytest.mark.django_db
def test_bad_data_through_the_inbox_is_not_quoted(log, monkeypatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        """What a conversion says that cannot read a value, and what a database says of a row it refuses."""
        try:
            float(f"{NAME} Serinus")
        except ValueError as fault:
            raise RuntimeError(f'duplicate key "x"\nDETAIL:  Failing row contains (7, {NAME}, {EMAIL}).') from fault

    monkeypatch.setattr(inbox, "apply_records", fails)
    now = timezone.now()
    connection = made("stripe")
    deliver(connection, CONTRACTS["stripe"].news("sub_1", "active", now))
    inbox.process()
    body = json.dumps({"id": "evt_1", "type": "customer.updated", "data": {"object": {"email": EMAIL, "name": NAME}}})
    Delivery.objects.create(
        connection=connection, key="2", event_type="customer.updated", occurred_at=now, received_at=now, due_at=now,
        claimed_until=now, subject=f"customer:{EMAIL}", body=body,
    )  # fmt: skip
    inbox.process()
    assert "cannot be applied" in log.getvalue()
    assert "RuntimeError" in log.getvalue()
    assert says_nothing(log)


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_not_quoted(log) -> None:
    Contact.objects.create(email=EMAIL, email_key=EMAIL, first_name=NAME)
    try:
        with transaction.atomic():
            Contact.objects.create(email=EMAIL, email_key=EMAIL, first_name=NAME)
    except Error:
        logging.getLogger("contacts").exception("It cannot be saved: %s", EMAIL)
    assert "IntegrityError" in log.getvalue()
    assert says_nothing(log)


@pytest.mark.django_db
def test_a_file_with_errors_is_not_quoted(log) -> None:
    imported(f"email,name\n{EMAIL},{NAME}\nnot an e-mail {NAME},{NAME}\n", mapping=["email", "first_name"])
    logging.getLogger("contacts").info("done")
    assert says_nothing(log)


@pytest.mark.django_db
def test_a_page_that_fails_is_not_quoted(log, monkeypatch) -> None:
    def fails(*_: Any) -> None:
        raise KeyError(f"{NAME} <{EMAIL}>")

    monkeypatch.setattr("contacts.confirming.find", fails)
    assert Client(raise_request_exception=False).get("/confirm/x/").status_code == 500
    assert "KeyError" in log.getvalue()
    assert says_nothing(log)


@given(local=st.from_regex(r"[a-z0-9.+_-]{1,20}", fullmatch=True), before=st.sampled_from(["", "<", "'", "to=", "("]))
def test_every_address_is_taken_out(local: str, before: str) -> None:
    address = f"{local}@mail.example.com"
    assert address not in without_addresses(f"Sent to {before}{address}> at {datetime(2026, 1, 1, tzinfo=UTC)}")


def test_what_is_no_address_stays() -> None:
    line = 'Events of Shop "A" cannot be applied: 3 @ 4, sub_1, https://shop.example/x'
    assert without_addresses(line) == line
