"""The sessions app."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Registers its table, and has each sign-in begin a session of its own length."""

    name = "config.sessions"
    label = "team_sessions"

    def ready(self) -> None:
        """Listen to whoever signs in."""
        from config.sessions import lifetime

        lifetime.listen()
