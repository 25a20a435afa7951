"""What stores have sent is forgotten once nobody can tell it again: some events at a time, and the oldest first."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from integrations.models import Delivery

# Events that go at once.
SLICE = 1000


def sweep() -> int:
    """Delete events that are older than they are kept, a slice of them; return how many there were.

    What still waits to be applied stays. An event that comes again after all is applied again, which changes nothing:
    what a payment knows is newer.
    """
    before = timezone.now() - timedelta(days=settings.KEEP_DAYS["events"])
    old = Delivery.objects.filter(received_at__lt=before).exclude(state=Delivery.State.WAITING)
    numbers = list(old.order_by("received_at", "pk").values_list("pk", flat=True)[:SLICE])
    return Delivery.objects.filter(pk__in=numbers).exclude(state=Delivery.State.WAITING).delete()[0]
