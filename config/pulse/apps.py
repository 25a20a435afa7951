"""The pulse app."""

from django.apps import AppConfig


class PulseConfig(AppConfig):
    """Registers the one table."""

    name = "config.pulse"
    label = "pulse"
