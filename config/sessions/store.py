"""The settings' SESSION_ENGINE: Django's own database store, which notes whose a session is and when it was used."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Q, QuerySet
from django.utils import timezone

from config.sessions.models import Session

# How exactly the last use is known: a page that only looks writes no more often than that.
TOUCH = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """A store that finds no session which nobody has used for SESSION_IDLE_MINUTES."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Keep sessions in our own table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Note whose it is."""
        row = cast(Session, super().create_model_instance(data))
        row.member_id = data.get(SESSION_KEY)
        return row

    @classmethod
    def clear_expired(cls) -> None:
        """Throw away what is over, whichever way."""
        Session.objects.filter(Q(expire_date__lt=timezone.now()) | Q(seen_at__lt=_oldest())).delete()

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        if row is None or row.seen_at < _oldest():
            self._session_key = None
            return None
        if row.seen_at < timezone.now() - TOUCH:
            Session.objects.filter(pk=row.pk).update(seen_at=timezone.now())
        return row


def alive() -> "QuerySet[Session]":
    """Select the sessions that are not over, neither way."""
    return Session.objects.filter(expire_date__gt=timezone.now(), seen_at__gte=_oldest())


def _oldest() -> datetime:
    return timezone.now() - timedelta(minutes=settings.SESSION_IDLE_MINUTES)
