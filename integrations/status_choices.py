"""The choice of what a store's status words mean, for every form that offers it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from unfold.widgets import UnfoldAdminSelectWidget

from integrations import health
from integrations.models import Connection
from integrations.providers import PROVIDERS
from subscriptions.catalogue import Status

_PREFIX = "status:"


class StatusChoices:
    """A form's fields for status words, one a word: those that the provider knows, and those that were seen."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def add_status_fields(self, connection: Connection) -> None:
        """Add a field for each word that the connection's store may say."""
        for word in _words(connection):
            self.fields[_PREFIX + word] = _field(connection, word)

    def status_fields(self) -> list[str]:
        """Name the fields that override what a status word means."""
        return [name for name in self.fields if name.startswith(_PREFIX)]

    def status_overrides(self) -> dict[str, str]:
        """Return what was chosen, by status word."""
        chosen = {name.removeprefix(_PREFIX): self.cleaned_data[name] for name in self.status_fields()}
        return {word: status for word, status in chosen.items() if status}


def _words(connection: Connection) -> list[str]:
    usual = PROVIDERS[connection.provider_name].statuses or ()
    return list(dict.fromkeys([*usual, *health.unknown_statuses(connection), *connection.status_overrides]))


def _field(connection: Connection, word: str) -> forms.ChoiceField:
    usual = (PROVIDERS[connection.provider_name].statuses or {}).get(word)
    label = gettext("As usual: %(status)s") % {"status": Status(usual).label} if usual else gettext("Unknown")
    return forms.ChoiceField(
        label=word,
        required=False,
        choices=[("", label), *Status.choices],
        initial=connection.status_overrides.get(word, ""),
        widget=UnfoldAdminSelectWidget,
    )
