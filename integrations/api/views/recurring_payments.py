"""Recurring payments: found by any field, read, written and erased one by one."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import IDEMPOTENCY_KEY, PAGING, operation
from config.api.refusals import Refused
from config.api.views import flag
from config.audit.log import record
from integrations.api import documentation, filters, idempotency, shapes, sorting, writing
from integrations.api.access import chosen, reached
from integrations.api.views.base import StoreView
from integrations.models import Connection
from subscriptions.models import RecurringPayment
from subscriptions.records import IDENTITY, RecordError

DRY, QUIET = "dryRun", "suppressAutomations"


class RecurringPaymentsView(StoreView):
    """The recurring payments of the key's connection."""

    @operation(
        "list_recurring_payments",
        "Find recurring payments",
        text="All filters hold at once. What is empty comes last, whichever way the list is sorted.",
        parameters=(documentation.CONNECTION, *PAGING, documentation.SORT, *documentation.FILTERS),
        answers={200: "RecurringPaymentPage"},
        problems=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of those that fulfil all filters."""
        sort = sorting.sort_of(request)
        asked = dict(request.query_params.lists())
        wanted, errors = filters.conditions(asked, beside=(*paging.PARAMETERS, "connection"))
        if errors:
            raise Refused(HTTPStatus.BAD_REQUEST, f"These filters cannot be used: {', '.join(errors)}.", errors)
        rows = _payments(request).filter(wanted).prefetch_related("line_items")
        found = paging.page(rows, request, sort=sort)
        return Response({"results": [shapes.payment(row) for row in found.rows], "next": found.next})


class RecurringPaymentView(StoreView):
    """One recurring payment, by the store's id of it."""

    @operation(
        "get_recurring_payment",
        "Read a recurring payment",
        parameters=(documentation.PAYMENT_ID, documentation.CONNECTION),
        answers={200: "RecurringPayment"},
        problems=(400, 404),
    )
    def get(self, request: Request, store_recurring_payment_id: str) -> Response:
        """Answer with the payment."""
        paging.only(request, ("connection",))
        return Response(shapes.payment(_one(request, store_recurring_payment_id)))

    @operation(
        "upsert_recurring_payment",
        "Create or update a recurring payment",
        text="The same as PATCH: an absent key keeps what is stored, an explicit null clears it.",
        **documentation.ONE_ROW,
    )
    def put(self, request: Request, store_recurring_payment_id: str) -> Response:
        """Write the payment as a bulk of one row would."""
        return self._upsert(request, store_recurring_payment_id)

    @operation(
        "change_recurring_payment",
        "Create or update a recurring payment",
        text="An absent key keeps what is stored, an explicit null clears it.",
        **documentation.ONE_ROW,
    )
    def patch(self, request: Request, store_recurring_payment_id: str) -> Response:
        """Write the payment as a bulk of one row would."""
        return self._upsert(request, store_recurring_payment_id)

    @operation(
        "delete_recurring_payment",
        "Erase a recurring payment",
        text="It is erased with its line items and its log. One that was cancelled is told as cancelled, not erased.",
        parameters=(documentation.PAYMENT_ID, documentation.CONNECTION, IDEMPOTENCY_KEY),
        answers={204: None},
        problems=(400, 404, 409, 422),
    )
    def delete(self, request: Request, store_recurring_payment_id: str) -> Response:
        """Erase the payment."""
        paging.only(request, ("connection",))
        connection = chosen(request)
        return idempotency.once(request, partial(_erase, request, connection, store_recurring_payment_id))

    def _upsert(self, request: Request, payment_id: str) -> Response:
        paging.only(request, (DRY, QUIET, "connection"))
        row, connection = request.data, chosen(request)
        if isinstance(row, dict) and row.setdefault(IDENTITY, payment_id) != payment_id:
            raise _unfit({IDENTITY: "is not the id in the address"})
        is_dry, announce = flag(request, DRY), not flag(request, QUIET)
        return idempotency.once(request, partial(_write, connection, row, announce=announce, is_dry=is_dry))


def _write(connection: Connection, row: Any, *, announce: bool, is_dry: bool) -> Response:
    told = writing.reading(row, now=timezone.now())
    if isinstance(told, RecordError):
        raise _unfit(told.errors)
    with transaction.atomic():
        [outcome] = writing.write(connection.store, [row], now=timezone.now(), announce=announce)
        if is_dry:
            transaction.set_rollback(True)
    return Response({"id": outcome["id"], "outcome": outcome["outcome"], DRY: is_dry})


@transaction.atomic
def _erase(request: Request, connection: Connection, payment_id: str) -> Response:
    payment = _one(request, payment_id, connection)
    record("deleted", about=payment, request=request)
    payment.delete()
    return Response(status=HTTPStatus.NO_CONTENT)


def _payments(request: Request) -> Any:
    return RecurringPayment.objects.filter(store__connection__in=reached(request))


def _one(request: Request, payment_id: str, connection: Connection | None = None) -> RecurringPayment:
    """Return the payment of this id; raise Refused where there is none, or several at different stores."""
    rows = RecurringPayment.objects.filter(store=connection.store) if connection else _payments(request)
    found = list(rows.filter(store_recurring_payment_id=payment_id)[:2]) if "\0" not in payment_id else []
    if len(found) > 1:
        detail = "Several connections have a recurring payment of this id; say which one you mean."
        raise Refused(HTTPStatus.BAD_REQUEST, detail, {"connection": "is missing"})
    if not found:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no recurring payment of this id.")
    payment: RecurringPayment = found[0]
    return payment


def _unfit(errors: dict[str, str]) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "The recurring payment cannot be stored as it was sent.", errors)
