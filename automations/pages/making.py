"""Making an automation: from nothing, or from a file that was exported somewhere."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from automations import carrying, publishing, refusals
from automations.flow.mistakes import FlowError
from automations.models import Automation
from automations.pages import access
from config.audit.log import record

MOST_BYTES = 1024 * 1024


class NamingForm(forms.Form):
    """What an automation is called."""

    name = forms.CharField(label=_("Name"), max_length=Automation._meta.get_field("name").max_length)
    description = forms.CharField(
        label=_("Description"), max_length=Automation._meta.get_field("description").max_length, required=False
    )


@access.may("add")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a name, and make an empty automation of it."""
    form = NamingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                one = publishing.create(owner=access.person(request), **form.cleaned_data)
                record("added", about=one, request=request)
            return redirect("automation", one.pk)
        except refusals.NameTaken:
            form.add_error("name", name_taken())
    return _page(request, form, status=422 if request.method == "POST" else 200)


@access.may("add")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Make a draft of a file, or say what is wrong with it; lead to where files are asked for whoever has none.

    That is somebody who chooses another language after a mistake.
    """
    if request.method != "POST":
        return redirect("automation_new")
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > MOST_BYTES:
        return _page(request, NamingForm(), problem=gettext("Choose a file of an exported automation."), status=422)
    try:
        with transaction.atomic():
            one, missing = carrying.bring_in(file.read(), owner=access.person(request))
            record("added", about=one, request=request)
    except FlowError as error:
        return _page(request, NamingForm(), problem="; ".join(error.errors.values()), status=422)
    messages.success(request, gettext("The automation is here, as a draft."))
    for words in missing:
        messages.warning(request, words)
    return redirect("automation", one.pk)


def name_taken() -> str:
    """Say that there is an automation of that name."""
    return gettext("There is an automation of this name already.")


def _page(request: HttpRequest, form: NamingForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    own: dict[str, Any] = {"form": form, "problem": problem}
    context = access.context(request, gettext("New automation"), **own)
    return render(request, "automations/new.html", context, status=status)
