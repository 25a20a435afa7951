"""Many recurring payments at once: answered row by row, or kept as a batch to follow."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import IDEMPOTENCY_KEY, operation
from config.api.refusals import Refused
from config.api.views import body_object, flag
from integrations import bell
from integrations.api import batches, documentation, idempotency, shapes, writing
from integrations.api.access import chosen, key_of
from integrations.api.views.base import StoreView
from integrations.models import Connection

# Rows that are answered at once; more of them become a batch.
AT_ONCE = 1000
ROWS, QUIET, DRY = "recurring_payments", "suppressAutomations", "dryRun"
_SHAPE: dict[str, type] = {ROWS: list, QUIET: bool}


class BulkView(StoreView):
    """Takes recurring payments by the thousand."""

    max_bytes = settings.API_MAX_BYTES

    @operation(
        "bulk_upsert_recurring_payments",
        "Create or update up to 50,000 recurring payments",
        text=f"Up to {AT_ONCE:,} rows are answered at once, one outcome a row, in order; more become a batch to "
        "follow. A bad row never sinks the others. An absent key keeps what is stored, an explicit null clears it. "
        f"With `{DRY}` nothing is written; with `{QUIET}` (here or in the body) no automation starts.",
        parameters=(*documentation.flags(DRY, QUIET), documentation.CONNECTION, IDEMPOTENCY_KEY),
        request="BulkRequest",
        answers={200: "BulkAnswer", 202: "Batch"},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        """Write the rows, or keep them as a batch."""
        paging.only(request, (DRY, QUIET, "connection"))
        told = body_object(request, _SHAPE)
        if ROWS not in told:
            raise Refused(HTTPStatus.BAD_REQUEST, f"The body lacks “{ROWS}”.", {ROWS: "is missing"})
        is_quiet = told.get(QUIET, False) or flag(request, QUIET)
        is_dry, connection = flag(request, DRY), chosen(request)
        _check_number(len(told[ROWS]), is_dry=is_dry)
        act = _answer if len(told[ROWS]) <= AT_ONCE else _keep
        return idempotency.once(
            request, partial(act, request, connection, told[ROWS], announce=not is_quiet, is_dry=is_dry)
        )


def _check_number(number: int, *, is_dry: bool) -> None:
    if number > batches.LARGEST:
        detail = f"At most {batches.LARGEST:,} rows fit into one request."
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {ROWS: "has too many rows"})
    if is_dry and number > AT_ONCE:
        detail = f"At most {AT_ONCE:,} rows can be tried without writing, since they are answered at once."
        raise Refused(HTTPStatus.BAD_REQUEST, detail, {DRY: "is for fewer rows"})


def _answer(_request: Request, connection: Connection, rows: list[Any], *, announce: bool, is_dry: bool) -> Response:
    with transaction.atomic():
        outcomes = writing.write(connection.store, rows, now=timezone.now(), announce=announce)
        if is_dry:
            transaction.set_rollback(True)
    return Response({"outcomes": outcomes, "counts": writing.counted(outcomes), DRY: is_dry})


def _keep(request: Request, connection: Connection, rows: list[Any], *, announce: bool, is_dry: bool) -> Response:
    addressed = ((connection.store_id, announce, row) for row in rows)
    batch = batches.accept(key_of(request), connection, addressed)
    transaction.on_commit(partial(bell.ring_for_batch, batch.pk))
    told = shapes.batch(batch)
    return Response(told, status=HTTPStatus.ACCEPTED, headers={"Location": told["url"]})
