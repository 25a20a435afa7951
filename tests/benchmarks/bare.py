"""Yardsticks: the least that a Django view can do, and the least with which it still keeps what came."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from integrations.models import Delivery


@csrf_exempt
def insert_one_row(request: HttpRequest) -> HttpResponse:
    """Insert one row that holds the body."""
    now = timezone.now()
    Delivery.objects.create(
        connection_id=1,
        key=request.headers["X-Key"],
        event_type="bare",
        occurred_at=now,
        received_at=now,
        body=request.body.decode(),
        due_at=now,
        claimed_until=now,
        state=Delivery.State.APPLIED,
    )
    return HttpResponse("ok")


def nothing(request: HttpRequest) -> HttpResponse:
    """Answer with nothing."""
    return HttpResponse()
