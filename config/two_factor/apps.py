"""The two-factor app."""

from django.apps import AppConfig


class TwoFactorConfig(AppConfig):
    """Registers its two tables."""

    name = "config.two_factor"
    label = "two_factor"
