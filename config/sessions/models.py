"""Where sessions are kept."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Session(AbstractBaseSession):
    """A session, whose it is, and when it was used last; `expire_date` is when it is over however it is used."""

    # null for somebody who has not signed in
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    # as of a minute ago at most
    seen_at = models.DateTimeField(default=timezone.now)

    objects = BaseSessionManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("session of a member")
        verbose_name_plural = _("sessions of members")
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the store that reads and writes these."""
        from config.sessions.store import SessionStore

        return SessionStore
