"""The automations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AutomationsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "automations"
    verbose_name = _("Automations")
