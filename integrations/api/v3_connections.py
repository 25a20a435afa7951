"""/api/3/connections, as existing plugins call it: a plugin connects its shop first, with a key of the account.

A key of a connection reads and changes its own; only a key of the account makes and removes connections.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Count, Max, Q
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.refusals import Refused
from config.audit.log import record
from integrations.api import access, stores, v3
from integrations.api.rows import clean
from integrations.connecting import disconnect
from integrations.models import Batch, Connection
from subscriptions.kinds import DATE, parse_text

# the plugin's name -> ours, and the longest text
_KNOWN = {
    "service": ("service", 100),
    "externalid": ("external_id", 255),
    "name": ("name", 200),
    "logoUrl": ("logo_url", 500),
    "linkUrl": ("link_url", 500),
}
_REQUIRED = ("service", "externalid", "name")
_ADDRESSES = ("logoUrl", "linkUrl")


class ConnectionsView(v3.View):
    """All that the key reaches, and new ones."""

    def get(self, request: Request) -> Response:
        """List the connections, of one service or external ID if asked."""
        found = list(access.connections(access.key_of(request)))
        batches = _batches(found)
        rows = [_written(one, *batches.get(one.pk, _NO_BATCH)) for one in found]
        for name in ("service", "externalid"):
            wanted = request.query_params.get(f"filters[{name}]")
            rows = [row for row in rows if wanted is None or row[name] == wanted]
        return Response({"connections": rows, "meta": {"total": str(len(rows))}})

    def post(self, request: Request) -> Response:
        """Connect a shop."""
        _require_account(request)
        told = _read(request, stores.About(service="", external_id="", name=""))
        try:
            with transaction.atomic():
                connection = stores.connect(told)
                record("connection.made", about=connection, request=request)
        except stores.Taken:
            raise _taken() from None
        return Response({"connection": _told(connection)}, status=HTTPStatus.CREATED)


class ConnectionView(v3.View):
    """One connection, by its legacy connection ID."""

    def get(self, request: Request, connection_id: int) -> Response:
        """Answer with the connection."""
        return Response({"connection": _told(_one(request, connection_id))})

    def put(self, request: Request, connection_id: int) -> Response:
        """Change what is given."""
        connection = _one(request, connection_id)
        known = stores.about(connection)
        told = _read(request, known)
        if told != known:
            _change(request, connection, told)
        return Response({"connection": _told(_one(request, connection_id))})

    def delete(self, request: Request, connection_id: int) -> Response:
        """Cut the shop off; its recurring payments stay on the contacts."""
        _require_account(request)
        connection = _one(request, connection_id)
        with transaction.atomic():
            record("connection.removed", about=connection, request=request)
            disconnect(connection)
        return Response({})


def _one(request: Request, connection_id: int) -> Connection:
    found = access.one(access.key_of(request), connection_id)
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, f"No Result found for Connection with id {connection_id}")
    return found


def _change(request: Request, connection: Connection, told: stores.About) -> None:
    try:
        with transaction.atomic():
            stores.change(connection, told)
            record("connection.changed", about=connection, request=request)
    except stores.Taken:
        raise _taken() from None


def _require_account(request: Request) -> None:
    if access.key_of(request).connection_id is not None:
        raise PermissionDenied("Only a key of the account makes and removes connections.")


def _read(request: Request, before: stores.About) -> stores.About:
    """Read what a plugin tells of its shop, on top of what is known; raise Refused with the reasons by name."""
    body = request.data
    told = body.get("connection") if isinstance(body, dict) else None
    if not isinstance(told, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "The body must be {connection: {...}}.", {"connection": "is missing"})
    errors: dict[str, str] = {}
    given = {ours: _text(told[name], name, longest, errors) for name, (ours, longest) in _KNOWN.items() if name in told}
    about = replace(before, **given)
    values = asdict(about)
    errors |= {name: "is missing" for name in _REQUIRED if not values[_KNOWN[name][0]] and name not in errors}
    if errors:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "The connection cannot be stored as it was sent.", errors)
    return about


def _text(value: Any, name: str, longest: int, errors: dict[str, str]) -> str:
    try:
        text = clean(parse_text("" if value is None else value, longest)).strip()
        if text and name in _ADDRESSES:
            URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        errors[name] = "must be an http or https address"
    except ValueError as error:
        errors[name] = str(error)
    else:
        return text
    return ""


def _taken() -> Refused:
    detail = "This service and external ID are connected already."
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, detail, {"externalid": "is connected already"})


def _told(connection: Connection) -> Mapping[str, Any]:
    return _written(connection, *_batches([connection]).get(connection.pk, _NO_BATCH))


# when the last batch was finished, and how many are open
_NO_BATCH: tuple[datetime | None, int] = (None, 0)


def _batches(found: Iterable[Connection]) -> dict[int, tuple[datetime | None, int]]:
    """Say of each connection how its batches stand, in one query."""
    rows = Batch.objects.filter(connection__in=found).values("connection").order_by("connection")
    counted = rows.annotate(last=Max("finished_at"), open=Count("pk", filter=Q(state__in=Batch.OPEN)))
    return {row["connection"]: (row["last"], row["open"]) for row in counted}


def _written(connection: Connection, last: datetime | None, open_batches: int) -> Mapping[str, Any]:
    about = asdict(stores.about(connection))
    return {
        "id": str(connection.store_id),
        **{name: about[ours] for name, (ours, _) in _KNOWN.items()},
        "isInternal": 0,
        "status": 0 if connection.problem else 1,
        "syncStatus": int(open_batches > 0),
        "lastSync": DATE.dump(last) if last else None,
        "cdate": DATE.dump(connection.created_at),
        "udate": DATE.dump(getattr(getattr(connection.store, "api_store", None), "updated_at", connection.created_at)),
    }
