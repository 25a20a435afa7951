"""Who asks, by which door, and from where, as a request tells."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.audit.via import Via


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an act came from, by the columns of an entry."""

    via: Via = Via.COMMAND
    actor: str = ""
    actor_id: str = ""
    address: str = ""


def of(request: Any) -> Origin:
    """Read a request of the site or of the API; without one it was a command."""
    if request is None:
        return Origin()
    key, address = getattr(request, "auth", None), address_of(request)
    if key is not None:
        return Origin(via=Via.API, actor=key.prefix, actor_id=str(key.pk), address=address)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Origin(via=Via.WEB, address=address)
    return Origin(via=Via.WEB, actor=user.get_username(), actor_id=str(user.pk), address=address)


def address_of(request: HttpRequest) -> str:
    """Return the IP address that a request came from; empty where none is known.

    Behind our proxy it is the last one that `X-Forwarded-For` tells, since what stands before it the sender may invent.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or told
    try:
        return str(ip_address(told))
    except ValueError:
        return ""
