"""A made-up person and payment, which are nowhere in the database, for showing how an e-mail reads."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from contacts.models import Contact
from subscriptions.models import RecurringPayment


def made_up() -> tuple[Contact, RecurringPayment]:
    """Return an invented person and their recurring payment, as they are now."""
    now = timezone.now()
    payment = RecurringPayment(
        pk=0,  # of which there are no items
        name="Pro",
        status="active",
        payment_amount=Decimal(29),
        currency="EUR",
        start_date=now - timedelta(days=365),
        next_payment_date=now + timedelta(days=3),
        renewal_date=now + timedelta(days=20),
        payment_method_expiration=now.replace(day=1),
    )
    return Contact(first_name="Camille", email="camille@example.com", created_at=now), payment
