"""A member's sessions as the member sees them: on which device, since when, and each with a name that ends it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from config.sessions.devices import Device, named
from config.sessions.lifetime import BEGUN
from config.sessions.models import Session
from config.sessions.store import alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A session; `name` opens nothing, unlike its key, and `began_at` is not known of those from before it was kept."""

    name: str
    device: Device
    began_at: datetime | None
    seen_at: datetime
    is_this: bool


def of(member: User, *, request: HttpRequest) -> list[Shown]:
    """Return those that are open, the one that asks first, and then whichever was used last."""
    shown = [_shown(row, request.session.session_key) for row in _open(member)]
    return sorted(shown, key=lambda one: (one.is_this, one.seen_at), reverse=True)


def end(member: User, name: str, *, but: HttpRequest) -> int:
    """End the session of this name, unless it is that of the request; return how many there were."""
    keys = [row.pk for row in _open(member) if _name(row) == name and row.pk != but.session.session_key]
    return Session.objects.filter(pk__in=keys).delete()[0]


def _open(member: User) -> Iterator[Session]:
    return alive().filter(member=member).iterator()


def _shown(row: Session, own: str | None) -> Shown:
    told = row.get_decoded().get(BEGUN, {})
    began = told.get("at")
    return Shown(
        name=_name(row),
        device=named(told.get("agent", "")),
        began_at=datetime.fromisoformat(began) if began else None,
        seen_at=row.seen_at,
        is_this=row.pk == own,
    )


def _name(row: Session) -> str:
    return salted_hmac("config.sessions.listing", row.pk, algorithm="sha256").hexdigest()[:16]
