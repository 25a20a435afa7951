"""The form of a connection: secrets are written and never read, and are tried before they are kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanSwitchWidget,
)

from integrations import health
from integrations.connecting import refresh_store
from integrations.models import Connection
from integrations.providers import PROVIDERS
from integrations.providers.base import ProviderError
from subscriptions.catalogue import Status
from subscriptions.models import Store

SECRETS = ("api_key", "webhook_secret")
_KEEP = _("Leave empty to keep the present one.")
_PREFIX = "status:"


class SecretField(forms.CharField):
    """A field whose stored value never leaves the server."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminPasswordWidget(render_value=False, attrs={"autocomplete": "new-password"})
        super().__init__(required=False, strip=True, widget=widget, **options)


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A Stripe connection's settings; `refusal` is what the store said when they were tried."""

    refusal = ""

    name = forms.CharField(label=_("Name"), max_length=200, widget=UnfoldAdminTextInputWidget)
    api_key = SecretField(
        label=_("Restricted API key"),
        help_text=_("Starts with rk_. Read access to customers, subscriptions, invoices, payment methods, products "
                    "and prices is all it needs."),
    )  # fmt: skip
    webhook_secret = SecretField(
        label=_("Webhook secret"),
        help_text=_("Starts with whsec_. The store shows it where its webhook is set up. When you replace it, the old "
                    "one stays valid for a day."),
    )  # fmt: skip

    class Meta:
        model = Connection
        fields = ("livemode", "external_id_key", "requests_per_second", "api_address")
        widgets = {
            "livemode": UnfoldBooleanSwitchWidget,
            "external_id_key": UnfoldAdminTextInputWidget,
            "requests_per_second": UnfoldAdminIntegerFieldWidget,
            "api_address": UnfoldAdminURLInputWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = PROVIDERS[self.instance.provider_name if self.instance.pk else "stripe"]
        if self.instance.pk:
            self.fields["name"].initial = self.instance.name
            for name in SECRETS:
                if getattr(self.instance, name):
                    self.fields[name].widget.attrs["placeholder"] = "••••••••"
                    self.fields[name].help_text = f"{self.fields[name].help_text} {_KEEP}"
        self.fields["requests_per_second"].validators.append(MinValueValidator(1))
        self.fields["requests_per_second"].widget.attrs["min"] = 1
        if not settings.SANDBOX and not self.instance.api_address:
            self.fields.pop("api_address", None)
        for word in self._status_words():
            self.fields[_PREFIX + word] = self._status_field(word)

    def clean_name(self) -> str:
        """Refuse the name of another connection of this kind: commands know connections by their names."""
        name: str = self.cleaned_data["name"]
        namesakes = Connection.objects.filter(store__name=name, store__provider=self.provider.name)
        if namesakes.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another connection has this name."))
        return name

    def status_fields(self) -> list[str]:
        """Name the fields that override what a status word means."""
        return [name for name in self.fields if name.startswith(_PREFIX)]

    def clean_api_address(self) -> str:
        """Take the address without the slash at its end, which the library adds itself."""
        return str(self.cleaned_data["api_address"] or "").rstrip("/")

    def clean(self) -> dict[str, Any]:
        """Refuse credentials that the store refuses, in words."""
        data = super().clean() or self.cleaned_data
        if self.refusal:
            self.add_error("api_key", self.refusal)
        return data

    def tried(self) -> str:
        """Ask the store about new credentials and return why it refuses them; takes long, so not in a transaction."""
        if not self.is_valid() or not self._credentials_changed():
            return ""
        trial = Connection(api_address=self.cleaned_data.get("api_address", ""))
        trial.api_key = self.cleaned_data["api_key"] or self.instance.api_key
        try:
            if trial.api_key and self.provider.check:
                self.provider.check(trial)
        except ProviderError as error:
            return f"{error.problem.label} {error.detail}".strip()
        return ""

    def save(self, commit: bool = True) -> Connection:
        """Write the store along; empty secrets keep what is there."""
        connection = self._filled()
        if not connection.pk:
            connection.store = self._store()
        connection.store.name = self.cleaned_data["name"]
        connection.store.save(update_fields=["name"])
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

    def _filled(self) -> Connection:
        connection: Connection = super().save(commit=False)
        stored = Connection.objects.filter(pk=connection.pk).first()
        connection.api_key = self.cleaned_data["api_key"] or (stored.api_key if stored else "")
        connection.webhook_secret = stored.webhook_secret if stored else ""
        if self.cleaned_data["webhook_secret"]:
            connection.take_webhook_secret(self.cleaned_data["webhook_secret"])
        chosen = {name.removeprefix(_PREFIX): self.cleaned_data[name] for name in self.status_fields()}
        connection.status_overrides = {word: status for word, status in chosen.items() if status}
        return connection

    def _credentials_changed(self) -> bool:
        return bool({"api_key", "api_address"} & set(self.changed_data))

    def _status_words(self) -> list[str]:
        seen = health.unknown_statuses(self.instance) if self.instance.pk else {}
        return list(dict.fromkeys([*(self.provider.statuses or ()), *seen, *self.instance.status_overrides]))

    def _status_field(self, word: str) -> forms.ChoiceField:
        usual = (self.provider.statuses or {}).get(word)
        label = gettext("As usual: %(status)s") % {"status": Status(usual).label} if usual else gettext("Unknown")
        return forms.ChoiceField(
            label=word,
            required=False,
            choices=[("", label), *Status.choices],
            initial=self.instance.status_overrides.get(word, ""),
            widget=UnfoldAdminSelectWidget,
        )
