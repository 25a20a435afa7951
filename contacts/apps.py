"""The contacts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        """Say what is held of people here."""
        from contacts.privacy import HOLDER, register

        register(HOLDER)
