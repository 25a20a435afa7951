"""Manage data: the page on which administrators order the fields, and its operations, for forms and for its script."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from config.audit.log import record
from subscriptions import field_history, field_order, manage_data_page
from subscriptions import manage_data_words as words
from subscriptions.catalogue import BY_NAME
from subscriptions.field_order import Invalid, Order, Outdated, Result

PERMISSION = "subscriptions.change_fieldorder"
LEVELS = {"good": messages.SUCCESS, "warn": messages.WARNING, "bad": messages.ERROR}


class StaffRequest(HttpRequest):
    """A request that the admin has let in."""

    user: User


type View = Callable[[StaffRequest], HttpResponse]


def administrators_only(view: View) -> View:
    """Refuse, in words, who may not order the fields."""

    @wraps(view)
    def guarded(request: StaffRequest) -> HttpResponse:
        return view(request) if request.user.has_perm(PERMISSION) else _refuse(request)

    return guarded


@administrators_only
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    """Show the fields and the widget that they make."""
    order = field_order.current()
    context = {
        **_page_context(request),
        **_state(request, order),
        "rows": manage_data_page.field_rows(order),
        "preview": manage_data_page.preview(order, request.user),
    }
    return render(request, "subscriptions/manage_data.html", context)


@administrators_only
@require_POST
def move(request: StaffRequest) -> HttpResponse:
    """Move `field` to the position `to`, or directly before the field `before`."""
    return _operate(
        request,
        lambda seen: field_order.move(
            request.POST.get("field", ""),
            to=_whole(request.POST["to"]) if "to" in request.POST else None,
            before=request.POST.get("before"),
            by=request.user,
            seen=seen,
        ),
    )


@administrators_only
@require_POST
def undo(request: StaffRequest) -> HttpResponse:
    """Take the person's last change back."""
    return _operate(request, lambda seen: field_order.undo(by=request.user, seen=seen))


@administrators_only
@require_POST
def redo(request: StaffRequest) -> HttpResponse:
    """Make the person's last undone change again."""
    return _operate(request, lambda seen: field_order.redo(by=request.user, seen=seen))


@administrators_only
@require_POST
def reset(request: StaffRequest) -> HttpResponse:
    """Go back to the default order."""
    return _operate(request, lambda seen: field_order.reset(by=request.user, seen=seen))


def _operate(request: StaffRequest, operation: Callable[[int], Result]) -> HttpResponse:
    """Run an operation on the version that the page had seen, and answer in words."""
    try:
        with transaction.atomic():
            result = operation(_whole(request.POST.get("seen", "")))
            _record(request, result)
    except Invalid as problem:
        return _answer(request, str(problem), tone="bad", status=400)
    except Outdated as problem:
        return _answer(request, words.refused(problem, request.user), tone="warn", status=409)
    return _answer(request, words.said(result), tone="warn" if result.meanwhile else "good", field=result.field)


def _record(request: StaffRequest, result: Result) -> None:
    if not result.changed:
        return
    moved = (
        {"field": BY_NAME[result.field].label, "position": result.order.position(result.field)} if result.field else {}
    )
    record(f"fields.{result.action}", request=request, **moved)


def _answer(request: StaffRequest, message: str, *, tone: str, status: int = 200, field: str = "") -> HttpResponse:
    """Answer the script with the order that holds now, and a form with a way back to the row."""
    if not _is_script(request):
        messages.add_message(request, LEVELS[tone], message, extra_tags=f"rt-{tone}")
        return redirect(reverse("manage_data") + (f"#field-{field}" if field else ""))
    order = field_order.current()
    state = render_to_string("subscriptions/_manage_state.html", _state(request, order), request=request)
    answer = {"message": message, "tone": tone, "version": order.version, "names": order.names, "state": state}
    return JsonResponse(answer | {"field": field}, status=status)


def _refuse(request: StaffRequest) -> HttpResponse:
    if _is_script(request):
        message = gettext("Only administrators may order the fields. Nothing was saved.")
        return JsonResponse({"message": message, "tone": "bad"}, status=403)
    return render(request, "subscriptions/manage_data_refused.html", _page_context(request), status=403)


def _page_context(request: StaffRequest) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": gettext("Manage data")}


def _state(request: StaffRequest, order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "changed_by": words.who(order.changed_by),
        "trail": field_history.trail(request.user, order.version),
    }


def _is_script(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _whole(text: str) -> int:
    """Read a whole number that a form or the script sent."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Invalid(gettext("The page sent something unexpected. Load it again, then repeat the change."))
    return int(text)
