"""When a session is over, and who ends it earlier."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from config.sessions.models import Session
from config.sessions.store import SessionStore

# What a session knows of its beginning: `at`, a moment, and `agent`, what the browser called itself.
BEGUN = "begun"
_LONGEST_AGENT = 300


def listen() -> None:
    """Have each sign-in note where it is, and when it is over, however much it is used until then."""
    user_logged_in.connect(_begin, dispatch_uid="config.sessions.begin")


def end(member: User, *, but: HttpRequest | None = None) -> int:
    """End a member's sessions, at once and everywhere; return how many there were.

    The session of the request in `but` goes on. A request that runs at this moment cannot bring its session back:
    Django saves only what is still there.
    """
    kept = but.session.session_key if but else None
    return Session.objects.filter(member=member).exclude(session_key=kept or "").delete()[0]


def sweep() -> None:
    """Throw away what is over."""
    SessionStore.clear_expired()


def _begin(*, request: Any, **_: Any) -> None:
    now, agent = timezone.now(), request.META.get("HTTP_USER_AGENT", "")[:_LONGEST_AGENT]
    request.session[BEGUN] = {"at": now.isoformat(), "agent": agent}
    request.session.set_expiry(now + timedelta(hours=settings.SESSION_HOURS))
