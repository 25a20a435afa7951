"""The app of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers its table."""

    name = "config.notices"
    label = "notices"
