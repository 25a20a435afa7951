"""Who speaks, and what of ours they see: a key sees and writes its own connection's records and nothing else.

A key of the account, which has no connection, sees and writes those of every API connection.
"""

from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.api.refusals import Refused
from integrations.api import keys
from integrations.models import ApiKey, Batch, Connection, Scope
from integrations.providers.api_store import API
from subscriptions.kinds import DATE

PAUSED = (
    "This connection is paused: it can be read, and nothing is written until somebody resumes it. Send the same "
    "request again later."
)
SCOPES = {
    "GET": Scope.READ,
    "HEAD": Scope.READ,
    "POST": Scope.WRITE,
    "PUT": Scope.WRITE,
    "PATCH": Scope.WRITE,
    "DELETE": Scope.WRITE,
}


class ApiKeyAuthentication(BaseAuthentication):
    """Knows a store by `Authorization: Bearer <key>` or `Api-Token: <key>`."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        """Return nobody and the key; None where none was given. Raise AuthenticationFailed for one that is wrong."""
        given = _given(request)
        if not given:
            return None
        key = keys.find(given.pop()) if len(given) == 1 else None
        if key is None:
            raise AuthenticationFailed("This key opens nothing: it is wrong, or it was revoked.")
        if key.has_expired:
            raise AuthenticationFailed(f"This key expired at {DATE.dump(key.expires_at)}. Ask for a new one.")
        keys.note_use(key)
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        """Say how a key is given."""
        return "Bearer"


class HasKey(BasePermission):
    """Lets every key pass, where what it may do is asked later."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask for a key only."""
        return isinstance(request.auth, ApiKey)


class HasScope(BasePermission):
    """Lets a key do what its scopes say; what a method needs stands in SCOPES."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise PermissionDenied with the scope that is missing."""
        key, scope = request.auth, SCOPES.get(request.method or "")
        if isinstance(key, ApiKey) and scope and not key.may(scope):
            raise PermissionDenied(f"This key lacks the scope “{scope.value}”.")
        return isinstance(key, ApiKey)


class HasSegments(BasePermission):
    """Lets keys of the account pass that may see segments, whatever is asked of them."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise PermissionDenied with the scope that is missing."""
        key = request.auth
        if isinstance(key, ApiKey) and not key.may(Scope.SEGMENTS):
            raise PermissionDenied(
                f"This key lacks the scope “{Scope.SEGMENTS.value}”, which keys of the account have."
            )
        return isinstance(key, ApiKey)


def key_of(request: Request) -> ApiKey:
    """Return the key that a request came with, once `HasScope` has let it pass."""
    return cast(ApiKey, request.auth)


def connections(key: ApiKey) -> QuerySet[Connection]:
    """Return the connections that a key reaches."""
    within = Connection.objects.filter(leaving="").select_related("store__api_store").order_by("store_id")
    if key.connection_id:
        return within.filter(pk=key.connection_id)
    return within.filter(store__provider=API.name)


def one(key: ApiKey, connection_id: int) -> Connection | None:
    """Return the connection of a legacy connection ID, if the key reaches it."""
    return connections(key).filter(store_id=connection_id).first() if connection_id < 2**63 else None


def batches(key: ApiKey) -> QuerySet[Batch]:
    """Return the batches that a key may follow; those of several stores belong to the account."""
    if key.connection_id:
        return Batch.objects.filter(connection=key.connection_id)
    return Batch.objects.all()


def reached(request: Request) -> QuerySet[Connection]:
    """Return the connections that a request is about: those that its key reaches, or the one that it names."""
    reach = connections(key_of(request))
    named = request.query_params.get("connection")
    if named is None:
        return reach
    found = reach.filter(store_id=int(named)) if named.isascii() and named.isdigit() and len(named) < 10 else None
    if found is None or not found:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such connection.", {"connection": "is not known"})
    return found


def chosen(request: Request) -> Connection:
    """Return the one connection that a request writes to; a key of the account must name it. Raise Refused."""
    found = list(reached(request)[:2])
    if len(found) != 1 or (key_of(request).connection_id is None and "connection" not in request.query_params):
        detail = "A key of the account must say which connection it means, as ?connection=<legacy connection ID>."
        raise Refused(HTTPStatus.BAD_REQUEST, detail, {"connection": "is missing"})
    if found[0].paused_at:
        raise Refused(HTTPStatus.CONFLICT, PAUSED, {"connection": "is paused"})
    return found[0]


def _given(request: Request) -> set[str]:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    told = {bearer.strip() if scheme.lower() == "bearer" else "", request.headers.get("Api-Token", "").strip()}
    return told - {""}
