"""Starting from a recipe: which there are, what one does and what it writes, and taking it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from automations.flow import outline
from automations.pages import access
from automations.recipes import GROUPS, RECIPES, Recipe, sample, take
from config.audit.log import record

KINDS: dict[str, tuple[str, Any]] = {
    "service": ("receipt_long", _("Service: goes to everybody whom it is about")),
    "marketing": ("campaign", _("Marketing: goes only to those who are subscribed to a list")),
}


@access.may("view")
@require_safe
def recipes(request: HttpRequest) -> HttpResponse:
    """Show the recipes in their groups."""
    groups = [
        {"name": name, "label": label, "recipes": [one for one in RECIPES.values() if one.group == name]}
        for name, label in GROUPS.items()
    ]
    context = access.context(request, gettext("Start from a recipe"), groups=groups)
    return render(request, "automations/recipes.html", context)


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def recipe(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a recipe does and how its e-mails read; take it, and lead to the draft."""
    one = RECIPES.get(key)
    if one is None:
        raise Http404
    return _take(request, one) if request.method == "POST" else _shown(request, one)


def _shown(request: HttpRequest, one: Recipe) -> HttpResponse:
    own: dict[str, Any] = {
        "recipe": one,
        "drawn": outline.of_draft(one.flow()),
        "mails": [{"mail": mail, "kind": KINDS[mail.purpose]} for mail in _mails(one)],
    }
    return render(request, "automations/recipe.html", access.context(request, str(one.title), **own))


def _mails(one: Recipe) -> list[sample.Mail]:
    return sample.mails(one, language=(get_language() or "").partition("-")[0])


def _take(request: HttpRequest, one: Recipe) -> HttpResponse:
    access.require(request, "add")
    with transaction.atomic():
        automation = take(one.key, owner=access.person(request))
        record("added", about=automation, request=request)
    messages.success(request, gettext("This is your draft. Read it, adapt it, and publish it when you like it."))
    return redirect("automation", automation.pk)
