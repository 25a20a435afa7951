"""The form of a connection: secrets are written and never read, and are tried before they are kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MinValueValidator
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from contacts.models import ContactList
from integrations import health
from integrations.connecting import Credentials, refresh_store
from integrations.models import Connection
from integrations.providers import PROVIDERS
from integrations.providers.base import Credential, ProviderError
from integrations.status_choices import StatusChoices
from subscriptions.models import Store

SECRETS = ("api_key", "webhook_secret")
ADDRESS = "api_address"
_KEEP = _("Leave empty to keep the present one.")


class SecretField(forms.CharField):
    """A field whose stored value never leaves the server."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminPasswordWidget(render_value=False, attrs={"autocomplete": "new-password"})
        super().__init__(required=False, strip=True, widget=widget, **options)


class ConnectionForm(StatusChoices, forms.ModelForm):  # type: ignore[type-arg]
    """A connection's settings, as its provider names them; `refusal` is what the store said when they were tried."""

    refusal = ""
    kind = "stripe"  # of a connection that is being made

    name = forms.CharField(label=_("Name"), max_length=200, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Connection
        fields = ("livemode", "external_id_key", "requests_per_second")
        widgets = {
            "livemode": UnfoldBooleanSwitchWidget,
            "external_id_key": UnfoldAdminTextInputWidget,
            "requests_per_second": UnfoldAdminIntegerFieldWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = PROVIDERS[self.instance.provider_name if self.instance.pk else self.kind]
        self.fields["name"].initial = self.instance.name if self.instance.pk else ""
        for credential in self._shown_credentials():
            self.fields[credential.name] = self._credential_field(credential)
        if self.provider.resources:
            self.fields["resources"] = self._resources_field()
        self.fields["requests_per_second"].validators.append(MinValueValidator(1))
        self.fields["requests_per_second"].widget.attrs["min"] = 1
        if not self.provider.test_option:
            del self.fields["livemode"]
        if not self.provider.credentials:
            del self.fields["external_id_key"], self.fields["requests_per_second"]
        if self.instance.pk:
            self.fields["newcomer_list"] = self._list_field()
            self.add_status_fields(self.instance)

    def _list_field(self) -> forms.Field:
        return forms.ModelChoiceField(
            ContactList.objects.all(),
            label=_("Put new people on this list"),
            required=False,
            empty_label=_("No list"),
            help_text=_("People whom this store brings for the first time. Whoever was here before stays as they are."),
            initial=self.instance.store.newcomer_list_id,
            widget=UnfoldAdminSelectWidget,
        )

    def _shown_credentials(self) -> list[Credential]:
        """Leave out what is for tests only, unless the connection has it."""
        return [
            one
            for one in self.provider.credentials
            if not one.is_for_tests or settings.SANDBOX or getattr(self.instance, one.name)
        ]

    def _credential_field(self, credential: Credential) -> forms.Field:
        stored = getattr(self.instance, credential.name)
        texts: dict[str, Any] = {"label": credential.label, "help_text": credential.help_text}
        if credential.is_secret:
            secret = SecretField(**texts)
            if stored:
                secret.widget.attrs["placeholder"] = "••••••••"
                secret.help_text = f"{credential.help_text} {_KEEP}".strip()
            return secret
        make = forms.URLField if credential.name == ADDRESS else forms.CharField
        kind = {"type": "url"} if credential.name == ADDRESS else {}
        return make(
            **texts,
            required=credential.is_required,
            initial=stored,
            max_length=Connection._meta.get_field(credential.name).max_length,  # type: ignore[union-attr]
            widget=UnfoldAdminTextInputWidget(attrs=kind),
        )

    def _resources_field(self) -> forms.Field:
        """Offer the provider's resources; all of them are connected where nothing was chosen."""
        offered = self.provider.resources
        return forms.MultipleChoiceField(
            label=_("Resources"),
            choices=[(one.name, one.label) for one in offered],
            initial=self.instance.resources or [one.name for one in offered],
            help_text=format_html_join("", "<div>{}: {}</div>", ((one.label, one.help_text) for one in offered)),
            error_messages={"required": _("Choose at least one resource.")},
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
        )

    def resource_fields(self) -> list[str]:
        """Name the field that chooses among the provider's resources, where it has any."""
        return ["resources"] if "resources" in self.fields else []

    def credential_fields(self) -> list[str]:
        """Name the fields that prove who we are, in the provider's order; addresses for tests are none."""
        return [one.name for one in self._shown_credentials() if not one.is_for_tests]

    def seldom_fields(self) -> list[str]:
        """Name the fields that few people need."""
        tests = [one.name for one in self._shown_credentials() if one.is_for_tests]
        return [name for name in ("external_id_key", "requests_per_second") if name in self.fields] + tests

    def clean_name(self) -> str:
        """Refuse the name of another connection of this kind: commands know connections by their names."""
        name: str = self.cleaned_data["name"]
        namesakes = Connection.objects.filter(store__name=name, store__provider=self.provider.name)
        if namesakes.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another connection has this name."))
        return name

    def clean_api_address(self) -> str:
        """Take the address without the slash at its end, which requests add themselves."""
        return str(self.cleaned_data["api_address"] or "").rstrip("/")

    def clean(self) -> dict[str, Any]:
        """Refuse credentials that the store refuses, in words."""
        data = super().clean() or self.cleaned_data
        if self.refusal and "api_key" in self.fields:
            self.add_error("api_key", self.refusal)
        return data

    def tried(self) -> str:
        """Ask the store about new credentials and return why it refuses them; takes long, so not in a transaction."""
        if not self.is_valid() or not self._credentials_changed():
            return ""
        trial = self._entered().trial(self.instance if self.instance.pk else Connection())
        trial.livemode = self.cleaned_data.get("livemode", True)
        try:
            if trial.api_key and self.provider.check:
                self.provider.check(trial)
        except ProviderError as error:
            return error.words
        return ""

    def save(self, commit: bool = True) -> Connection:
        """Write the store along; empty secrets keep what is there."""
        connection = self._filled()
        if not connection.pk:
            connection.store = self._store()
        connection.store.name = self.cleaned_data["name"]
        if "newcomer_list" in self.fields:
            connection.store.newcomer_list = self.cleaned_data["newcomer_list"]
        connection.store.save(update_fields=["name", "newcomer_list"])
        connection.save_settings()
        refresh_store(connection)
        if self._credentials_changed():
            health.clear(connection)
        return connection

    def save_m2m(self) -> None:
        """There is nothing beside the row; the admin asks all the same."""

    def _store(self) -> Store:
        """Take up the store that a connection of this name left behind, so that its payments are not told twice."""
        known = {"name": self.cleaned_data["name"], "provider": self.provider.name}
        return Store.objects.filter(**known, connection=None).first() or Store.objects.create(**known)

    def _entered(self) -> Credentials:
        """Return what was entered: an empty secret keeps what is there, any other empty field empties it."""
        secret = {one.name for one in self.provider.credentials if one.is_secret}
        given: dict[str, Any] = {one.name: self.cleaned_data.get(one.name) for one in self._shown_credentials()}
        entered = {name: value for name, value in given.items() if value or name not in secret}
        if ADDRESS in self.changed_data:
            entered["may_be_private"] = False  # that only the deployer can say
        return Credentials(**entered, resources=self.cleaned_data.get("resources"))

    def _filled(self) -> Connection:
        connection: Connection = super().save(commit=False)
        stored = Connection.objects.filter(pk=connection.pk).first() or Connection()
        for name in SECRETS:
            setattr(connection, name, getattr(stored, name))
        self._entered().write_to(connection, self.provider)
        if self.status_fields():
            connection.status_overrides = self.status_overrides()
        return connection

    def _credentials_changed(self) -> bool:
        return bool({one.name for one in self.provider.credentials if one.is_tried} & set(self.changed_data))
