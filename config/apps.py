"""The config app: what belongs to the whole house and to no app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """Registers the system checks and the roles; translations and commands of this folder are found by themselves."""

    name = "config"

    def ready(self) -> None:
        """Load what registers itself, compare clocks from now on, and have the roles written after every migrate."""
        from config import checks  # noqa: F401
        from config.clocks import watch
        from config.logs import done  # noqa: F401
        from config.roles import write_roles

        watch()
        post_migrate.connect(write_roles, dispatch_uid="config.roles")
