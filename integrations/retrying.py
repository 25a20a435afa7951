"""Retrying by hand: events go back into the inbox, somebody is named for it, and a worker is woken."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from config.audit.log import record
from integrations import bell, inbox
from integrations.models import Connection, Delivery


def retry(request: HttpRequest, deliveries: "QuerySet[Delivery]", *, about: Connection | None = None) -> int:
    """Put events that failed or were ignored back into the inbox, and return how many there were.

    `about` is the connection that they are of; without it that is looked up.
    """
    named = list(deliveries.order_by().values_list("connection", flat=True).distinct()[:2]) if about is None else []
    subject = Connection.objects.filter(pk=named[0]).first() if len(named) == 1 else about
    with transaction.atomic():
        count = inbox.retry(deliveries)
        record("events.retried", about=subject, request=request, count=count)
    if count:
        transaction.on_commit(bell.ring)
    return count
