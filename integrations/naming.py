"""Finding a connection by the name that people give to a command."""

from django.core.management.base import CommandError

from integrations.models import Connection


def named(name: str) -> Connection:
    """Return the one connection of that name; raise CommandError, with the names there are, for none or several."""
    found = list(Connection.objects.filter(store__name=name).select_related("store")[:2])
    if len(found) != 1:
        known = ", ".join(Connection.objects.values_list("store__name", flat=True)) or "none"
        raise CommandError(f"There is no connection named {name!r}. Connections: {known}.")
    return found[0]
