"""The doors by which somebody comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Via(models.TextChoices):
    """By which door somebody came."""

    WEB = "web", _("Website")
    COMMAND = "command", _("Command")
    API = "api", _("API")
