"""The reports app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Look after what the database notes by itself, and listen to what changes."""
        from reports import bell, triggers
        from subscriptions.signals import changes_recorded

        post_migrate.connect(triggers.set_up, sender=self)
        changes_recorded.connect(bell.ring)
