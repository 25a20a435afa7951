"""The limits app."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Registers the one table."""

    name = "config.limits"
    label = "limits"
