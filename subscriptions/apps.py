"""The subscriptions app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "subscriptions"
    verbose_name = _("Recurring payments")

    def ready(self) -> None:
        """Say what is held of people here, and how it moves from one to another."""
        from config.metrics.gauges import register as register_figures
        from contacts import merging, privacy
        from subscriptions import gauges
        from subscriptions.merging import MOVER
        from subscriptions.privacy import HOLDER
        from subscriptions.segments.sqlite import teach

        privacy.register(HOLDER)
        merging.register(MOVER)
        register_figures("subscriptions", gauges.tell)
        connection_created.connect(teach, dispatch_uid="segments")
