"""An automation's settings: its name, the secret of its webhooks, and its file."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from automations import carrying, publishing, refusals
from automations.models import Automation
from automations.pages import access, labels
from automations.pages.making import NamingForm, name_taken
from config.audit.log import record


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show the settings, and save the name and the description."""
    one = access.find(automation_id)
    if request.method != "POST":
        return _page(request, one, NamingForm(initial={"name": one.name, "description": one.description}))
    access.require(request, "change")
    form = NamingForm(request.POST)
    if form.is_valid() and _save(request, one, form):
        messages.success(request, gettext("Saved."))
        return redirect("automation_settings", one.pk)
    return _page(request, one, form, status=422)


def _save(request: HttpRequest, one: Automation, form: NamingForm) -> bool:
    try:
        with transaction.atomic():
            kept = publishing.save(one, by=access.person(request), **form.cleaned_data)
            if (kept.name, kept.description) != (one.name, one.description):
                record("changed", about=kept, request=request)
    except refusals.NameTaken:
        form.add_error("name", name_taken())
        return False
    return True


@access.may("change")
@require_POST
def renew_secret(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Make a new secret for the webhooks; the next call is signed with it."""
    one = access.find(automation_id)
    with transaction.atomic():
        publishing.renew_secret(one)
        record("automation.secret_renewed", about=one, request=request)
    messages.success(request, gettext("The next call is signed with the new secret."))
    return redirect("automation_settings", one.pk)


@access.may("view")
@require_safe
def export(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Give the draft as a file that another account can bring in."""
    one = access.find(automation_id)
    text = json.dumps(carrying.take_out(one), indent=2, ensure_ascii=False)
    name = slugify(one.name) or f"automation-{one.pk}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


def _page(request: HttpRequest, one: Automation, form: NamingForm, *, status: int = 200) -> HttpResponse:
    own: dict[str, Any] = {"automation": one, "form": form, "ways": one.enrolments.exists()}
    own["labels"] = labels.shown(one)
    context = access.context(request, one.name, tab="settings", **own)
    return render(request, "automations/settings.html", context, status=status)
