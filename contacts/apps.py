"""The contacts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        """Say what is held of people here, and what is to be watched."""
        from config.metrics.gauges import register as register_figures
        from contacts import gauges
        from contacts.privacy import HOLDER, register

        register(HOLDER)
        register_figures("contacts", gauges.tell)
