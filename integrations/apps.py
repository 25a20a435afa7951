"""The integrations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "integrations"
    verbose_name = _("Connected apps")

    def ready(self) -> None:
        """Say what is held of people here."""
        from config.metrics.gauges import register as register_figures
        from contacts.privacy import register
        from integrations import gauges
        from integrations.privacy import HOLDER

        register(HOLDER)
        register_figures("integrations", gauges.tell)
