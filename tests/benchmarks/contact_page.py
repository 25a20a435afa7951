"""The contact's page: with 300 recurring payments against the same page with 5."""

import statistics
import time
from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from contacts.models import Contact
from subscriptions import records
from subscriptions.models import Change, RecurringPayment, Store
from subscriptions.services import apply_records
from tests.benchmarks.figures import Figure

GOAL = 1.3
FEW, MANY = 5, 300


def measure(database: str, quick: bool) -> None:
    """Ask for both pages in turn, and compare the time that a page takes in the middle of all rounds."""
    few, many = (_page_of(number) for number in (FEW, MANY))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_superuser(f"bench {timezone.now()}"))
    times: dict[str, list[float]] = {few: [], many: []}
    for _ in range(10 if quick else 40):
        for page, taken in times.items():
            taken.append(_seconds(client, page))
    small, large = (statistics.median(taken[1:]) for taken in times.values())
    Figure(
        name="contact_page",
        database=database,
        value=large * 1000,
        unit="ms",
        yardstick=f"the page with {FEW} recurring payments, {small * 1000:.1f} ms",
        ratio=large / small,
        goal=GOAL,
        more_is_better=False,
    ).emit()


def _page_of(number: int) -> str:
    """Make a contact with so many recurring payments and return the address of the page."""
    store = Store.objects.create(name=f"page {number}", provider="stripe")
    email = f"page-{number}-{store.pk}@example.com"
    now = timezone.now()
    told = [records.build(_values(place, email, now), items=None, as_of=now) for place in range(number)]
    apply_records(store, told, source=Change.Source.HISTORY, announce=False)
    contact = Contact.objects.get(email=email)
    assert RecurringPayment.objects.filter(contact=contact).count() == number
    return f"/admin/contacts/contact/{contact.pk}/change/"


def _values(place: int, email: str, now: object) -> dict[str, object]:
    made = timezone.now() - timedelta(days=place)
    return {
        "store_recurring_payment_id": f"sub_{place}",
        "email": email,
        "name": f"Plan {place}",
        "status": "active",
        "store_status": "active",
        "payment_amount": 49 + place,
        "currency": "EUR",
        "billing_interval": "monthly",
        "billing_interval_count": 1,
        "next_payment_date": now,
        "last_payment_status": "completed",
        "store_created_date": made,
    }


def _seconds(client: Client, page: str) -> float:
    start = time.perf_counter()
    answer = client.get(page)
    if answer.status_code != 200:
        raise SystemExit(f"{page} answered {answer.status_code}.")
    return time.perf_counter() - start
