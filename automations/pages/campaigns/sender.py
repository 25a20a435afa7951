"""The sender whom all e-mails have: name, addresses, logo and colours."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from automations.email import sheets
from automations.models import Sender
from automations.pages.campaigns import access
from config.audit.log import record

MOST_OF_LOGO = 200 * 1024
# how a picture begins -> its type
_TYPES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


class SenderForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is asked of the sender; braces would be taken for tags."""

    logo_file = forms.FileField(label=_("Logo"), required=False, help_text=_("PNG, JPEG or GIF, at most 200 KB."))
    without_logo = forms.BooleanField(label=_("Without a logo"), required=False)

    class Meta:
        model = Sender
        fields = ("name", "email", "reply_to", "website", "postal_address", "accent", "background", "per_minute")

    def clean_name(self) -> str:
        """Refuse what no name in a header can have."""
        name: str = self.cleaned_data["name"]
        if any(letter in '<>@"\r\n' for letter in name):
            raise forms.ValidationError(_("A name has no < > @ or quotation marks."))
        return _without_braces(name)

    def clean_postal_address(self) -> str:
        """Refuse braces."""
        return _without_braces(self.cleaned_data["postal_address"])

    def clean_website(self) -> str:
        """Refuse braces."""
        return _without_braces(self.cleaned_data["website"])

    def clean_logo_file(self) -> tuple[bytes, str] | None:
        """Read the picture; what it is says its beginning, and not its name."""
        file = self.cleaned_data["logo_file"]
        if not file:
            return None
        if file.size > MOST_OF_LOGO:
            raise forms.ValidationError(_("The picture is larger than 200 KB."))
        told = file.read()
        kind = next((kind for beginning, kind in _TYPES.items() if told.startswith(beginning)), None)
        if kind is None:
            raise forms.ValidationError(_("This is no PNG, JPEG or GIF."))
        return told, kind


@access.SENDER.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def sender(request: HttpRequest) -> HttpResponse:
    """Show the sender, and save what was changed; what was sent before stays as it was."""
    one = sheets.sender()
    if request.method != "POST":
        return _page(request, SenderForm(instance=one), one)
    access.SENDER.require(request, "change")
    form = SenderForm(request.POST, request.FILES, instance=one)
    if not form.is_valid():
        return _page(request, form, sheets.sender(), status=422)
    with transaction.atomic():
        kept = _saved(form)
        record("changed", about=kept, request=request)
    messages.success(request, gettext("Saved. E-mails look like this from now on."))
    return redirect("sender")


def _saved(form: SenderForm) -> Sender:
    one: Sender = form.save(commit=False)
    if picture := form.cleaned_data["logo_file"]:
        one.logo, one.logo_type = picture
        one.logo_name = secrets.token_urlsafe(24)
    elif form.cleaned_data["without_logo"]:
        one.logo, one.logo_type, one.logo_name = b"", "", ""
    one.save()
    Sender.objects.filter(pk=one.pk).update(revision=F("revision") + 1)
    return one


def _page(request: HttpRequest, form: SenderForm, one: Sender, *, status: int = 200) -> HttpResponse:
    own: dict[str, Any] = {"form": form, "sender": one}
    context = access.SENDER.context(request, gettext("Sender of e-mails"), **own)
    return render(request, "automations/campaigns/sender.html", context, status=status)


def _without_braces(text: str) -> str:
    if "{" in text or "}" in text:
        raise forms.ValidationError(_("Braces are for tags, which cannot stand here."))
    return text
