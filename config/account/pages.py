"""The pages of one's own account. Whoever changes how they sign in shows again that it is they."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from config.access import person
from config.account.proof import Refused, of_code, of_password
from config.audit.log import record
from config.notices import telling
from config.sessions import lifetime, listing
from config.two_factor import codes, factors, required
from config.two_factor.qr import picture


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show how one signs in, and what can be done about it."""
    return _page(request)


@require_POST
@sensitive_post_parameters()
def start(request: HttpRequest) -> HttpResponse:
    """Make a secret for the app, once the password was right."""
    try:
        of_password(request)
    except Refused as refused:
        return _refuse(request, "start", refused)
    factors.start(person(request))
    return redirect("account")


@require_POST
@sensitive_post_parameters()
def confirm(request: HttpRequest) -> HttpResponse:
    """Switch two-factor sign-in on with the app's first code, and show the codes to put away, this once."""
    member = person(request)
    with transaction.atomic():
        try:
            fresh = of_code(request, lambda code: factors.confirm(member, code))
        except Refused as refused:
            return _refuse(request, "confirm", refused)
        lifetime.end(member, but=request)
        record("two_factor.switched_on", about=member, request=request)
        telling.tell(member, "two_factor_on", request=request)
    request.session[required.PASSED] = True
    return _codes(request, fresh)


@require_POST
@sensitive_post_parameters()
def new_codes(request: HttpRequest) -> HttpResponse:
    """Show new codes to put away, this once, in exchange for a code."""
    member = person(request)
    with transaction.atomic():
        try:
            of_code(request, lambda code: factors.accept(member, code))
        except Refused as refused:
            return _refuse(request, "codes", refused)
        fresh = factors.renew_recovery_codes(member)
        record("two_factor.new_codes", about=member, request=request)
        telling.tell(member, "new_codes", request=request)
    return _codes(request, fresh)


@require_POST
@sensitive_post_parameters()
def switch_off(request: HttpRequest) -> HttpResponse:
    """Switch two-factor sign-in off, given the password and a code."""
    member = person(request)
    with transaction.atomic():
        try:
            of_password(request)
            of_code(request, lambda code: factors.accept(member, code))
        except Refused as refused:
            return _refuse(request, "off", refused)
        factors.switch_off(member)
        lifetime.end(member, but=request)
        record("two_factor.switched_off", about=member, request=request)
        telling.tell(member, "two_factor_off", request=request)
    request.session.pop(required.PASSED, None)
    messages.success(request, gettext("Two-factor sign-in is off."))
    return redirect("account")


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End one's other sessions."""
    with transaction.atomic():
        count = lifetime.end(person(request), but=request)
        record("sessions.ended", about=person(request), request=request, count=count)
    said = ngettext("%(count)d other session was ended.", "%(count)d other sessions were ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("account")


@require_POST
def sign_out_one(request: HttpRequest, name: str) -> HttpResponse:
    """End one of one's other sessions; one that is over already is as good as ended."""
    with transaction.atomic():
        if count := listing.end(person(request), name, but=request):
            record("sessions.ended", about=person(request), request=request, count=count)
    messages.success(request, gettext("That session was ended."))
    return redirect("account")


def _page(request: HttpRequest, *, status: int = 200, **told: Any) -> HttpResponse:
    member = person(request)
    mine = factors.of(member)
    is_pending = mine is not None and mine.confirmed_at is None
    told |= {
        "title": gettext("Your account"),
        "mine": mine,
        "is_required": required.is_required(member),
        "left": mine.recovery_codes.count() if mine else 0,
        "sessions": listing.of(member, request=request),
        "longest": codes.RECOVERY_LENGTH,
    }
    if mine and is_pending:
        told |= {"secret": mine.secret, "picture": picture(codes.address(mine.secret, name=member.get_username()))}
    context = admin.site.each_context(request) | told
    return render(request, "account/account.html", context, status=status)


def _refuse(request: HttpRequest, act: str, refused: Refused) -> HttpResponse:
    """Say beside the form that was sent what is wrong."""
    answer = _page(request, status=refused.status, refused=act, problem=refused.words)
    if refused.wait:
        answer["Retry-After"] = refused.wait
    return answer


def _codes(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": gettext("Recovery codes"),
        "codes": fresh,
        "lines": "\n".join(fresh),
    }
    return render(request, "account/codes.html", context)
