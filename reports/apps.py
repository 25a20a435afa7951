"""The reports app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "reports"
    verbose_name = _("Reports")
