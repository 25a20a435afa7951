"""The app of given passwords."""

from django.apps import AppConfig


class GivenPasswordsConfig(AppConfig):
    """Registers its table, and listens for sign-ins."""

    name = "config.given_passwords"
    label = "given_passwords"

    def ready(self) -> None:
        """Have each sign-in look whether its password was given."""
        from config.given_passwords import given

        given.listen()
