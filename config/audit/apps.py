"""The audit log's app, the lowest room of the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Registers the app, and has signing in and out recorded."""

    name = "config.audit"
    label = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        """Listen to whoever signs in, fails to, and signs out."""
        from config.audit import signing_in

        signing_in.listen()
