"""What the steps ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from contacts.models import ContactList
from integrations.connecting import refresh_store
from integrations.forms import ConnectionForm
from integrations.models import Connection
from integrations.providers import PROVIDERS, history_of
from integrations.status_choices import StatusChoices

# What proves the store's deliveries is asked for, or made, at the end, when the store knows our address.
_PROOFS = {"webhook_secret", "webhook_id"}


class CredentialsForm(ConnectionForm):
    """A connection's name and credentials, without everything that can wait."""

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(*args, **options)
        kept = {"name", "livemode", *(one.name for one in self._shown_credentials())} - _PROOFS
        for name in set(self.fields) - kept:
            del self.fields[name]
        self.order_fields(["name"])

    def is_accepted(self) -> bool:
        """Tell whether the store takes the credentials, after asking it; if not, its words stand in the form."""
        refusal = self.tried()
        if refusal:
            self.add_error("api_key", refusal)
        return not self.errors

    def has_name_still(self) -> bool:
        """Tell whether the name is free still, since asking the store took a while; if not, the form says so."""
        try:
            self.clean_name()
        except forms.ValidationError as error:
            self.add_error("name", error)
        return not self.errors


class ResourceForm(forms.Form):
    """Which parts of what a store tells are connected; a store without parts asks nothing."""

    def __init__(self, *args: Any, connection: Connection, **options: Any) -> None:
        super().__init__(*args, **options)
        self.connection = connection
        self.offered = PROVIDERS[connection.provider_name].resources
        if self.offered:
            names = [one.name for one in self.offered]
            self.fields["resources"] = forms.MultipleChoiceField(
                choices=[(one.name, one.label) for one in self.offered],
                initial=connection.resources or names,
                error_messages={"required": _("Choose at least one resource.")},
            )

    def choices(self) -> list[dict[str, Any]]:
        """List what is offered, each with whether it is chosen."""
        chosen = self["resources"].value() or [] if self.offered else []
        return [{"resource": one, "is_chosen": one.name in chosen} for one in self.offered]

    def save(self) -> None:
        """Write the choice on the connection."""
        if self.offered:
            self.connection.resources = self.cleaned_data["resources"]
            self.connection.save(update_fields=["resources"])
            refresh_store(self.connection)


class OptionsForm(StatusChoices, forms.Form):
    """What becomes of newcomers and of the past, and what status words mean."""

    newcomer_list = forms.ModelChoiceField(
        ContactList.objects.none(),
        label=_("Put new people on this list"),
        required=False,
        empty_label=_("No list"),
        help_text=_("People whom this store brings for the first time. Whoever was here before stays as they are."),
        widget=UnfoldAdminSelectWidget,
    )
    new_list = forms.CharField(
        label=_("Or on a new list"), required=False, max_length=100, widget=UnfoldAdminTextInputWidget
    )
    read_history = forms.BooleanField(label=_("Read the history now"), required=False)
    announces = forms.BooleanField(label=_("Automations may start on what the history brings"), required=False)
    is_sure = forms.BooleanField(label=_("Yes, start automations for them"), required=False)

    def __init__(self, *args: Any, connection: Connection, **options: Any) -> None:
        super().__init__(*args, **options)
        self.connection = connection
        self.initial.update(newcomer_list=connection.store.newcomer_list_id, read_history=not connection.is_set_up)
        lists: Any = self.fields["newcomer_list"]
        lists.queryset = ContactList.objects.all()
        if not self.has_history:
            del self.fields["read_history"], self.fields["announces"], self.fields["is_sure"]
        self.add_status_fields(connection)

    @property
    def has_history(self) -> bool:
        """Whether this store's past can be read with what we have."""
        return history_of(self.connection) is not None and bool(self.connection.api_key)

    @property
    def wants_announcing(self) -> bool:
        """Whether automations shall start on what is read."""
        return bool(self.cleaned_data.get("read_history") and self.cleaned_data.get("announces"))

    def chosen_list(self) -> ContactList | None:
        """Return the list for newcomers: the new one if it was named, made unless there is one of that name."""
        name = self.cleaned_data["new_list"].strip()
        if not name:
            chosen: ContactList | None = self.cleaned_data["newcomer_list"]
            return chosen
        return ContactList.objects.filter(name__iexact=name).first() or ContactList.objects.create(name=name)

    def shown_statuses(self) -> list[forms.BoundField]:
        """Return the fields of status words, to be drawn."""
        return [self[name] for name in self.status_fields()]
