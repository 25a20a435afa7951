"""The reports app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Look after what the database notes by itself, and listen to what changes."""
        from config.metrics.gauges import register as register_figures
        from contacts.privacy import register as register_holder
        from reports import bell, gauges
        from reports.business.triggers import TRIGGERS as of_payments
        from reports.custom import uses
        from reports.custom.sqlite import teach
        from reports.performance.triggers import TRIGGERS as of_counts
        from reports.privacy import HOLDER
        from subscriptions.segments.uses import register as register_finder
        from subscriptions.signals import changes_recorded

        for triggers in (of_payments, of_counts):
            pre_migrate.connect(triggers.put_aside, sender=self, weak=False)
            post_migrate.connect(triggers.set_up, sender=self, weak=False)
        register_figures("reports", gauges.tell)
        changes_recorded.connect(bell.ring)
        connection_created.connect(teach, dispatch_uid="reports")
        register_finder("reports", uses.of_segments)
        register_holder(HOLDER)
