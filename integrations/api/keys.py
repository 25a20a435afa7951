"""The keys of stores: issued once, shown once, compared in constant time, expired or revoked for good."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from config.audit.log import record
from integrations.models import ApiKey, Connection, Scope
from integrations.providers.api_store import API

# What a key may do unless somebody says otherwise; what speaks of all stores' people is a key of the account's alone.
STORE_SCOPES = (Scope.READ.value, Scope.WRITE.value)
ACCOUNT_SCOPES = tuple(Scope.values)
# How exactly it is known when a key was used last: each request would else write.
LAST_USED_STEP = timedelta(minutes=1)
# The lives that a page offers for a key, in days; None: until it is revoked.
LIVES = (None, 30, 90, 365)
LONGEST_LIFE = 3650
_MARK = "rit"


@transaction.atomic
def issue(
    connection: Connection | None,
    *,
    name: str,
    scopes: Iterable[str] = STORE_SCOPES,
    days: int | None = None,
    request: HttpRequest | None = None,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is told this once and kept nowhere.

    Without a connection it is a key of the account; without `days` it does not expire. Raise ValueError for a scope
    that such a key cannot have, for none at all, for a life that is none, and for a store that does not speak through
    the API.
    """
    possible = STORE_SCOPES if connection else ACCOUNT_SCOPES
    chosen = [scope for scope in possible if scope in set(scopes)]
    if not chosen or len(chosen) != len(set(scopes)):
        raise ValueError(f"The scopes must be some of {', '.join(possible)}.")
    if connection is not None and connection.provider_name != API.name:
        raise ValueError("Only stores that speak through the API have keys.")
    if days is not None and not 0 < days <= LONGEST_LIFE:
        raise ValueError(f"A key lives 1 to {LONGEST_LIFE} days.")
    expires_at = timezone.now() + timedelta(days=days) if days else None
    prefix = f"{_MARK}_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        connection=connection,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=chosen,
        expires_at=expires_at,
    )
    record("key.made", about=connection, request=request, key=prefix, scopes=chosen)
    return key, secret


@transaction.atomic
def revoke(key: ApiKey, *, request: HttpRequest | None = None) -> None:
    """Let the key open nothing any more, from its next request on; a second time changes nothing."""
    if ApiKey.objects.unrevoked().filter(pk=key.pk).update(revoked_at=timezone.now()):
        record("key.revoked", about=key.connection, request=request, key=key.prefix)
    key.refresh_from_db(fields=["revoked_at"])


def find(secret: str) -> ApiKey | None:
    """Return the key that this is the secret of, unless it was revoked; whether it has expired is the key's to say."""
    prefix = "_".join(secret.split("_", 2)[:2])
    if not prefix.isprintable():
        return None
    key = ApiKey.objects.unrevoked().select_related("connection__store").filter(prefix=prefix[:16]).first()
    return key if key and compare_digest(key.digest, _digest(secret)) else None


def note_use(key: ApiKey) -> None:
    """Remember that the key was used just now, at most once a minute."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - LAST_USED_STEP:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_STEP)
        ApiKey.objects.filter(long_ago, pk=key.pk).update(last_used_at=now)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
