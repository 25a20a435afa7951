"""The second page of signing in: the password was right, and a code is asked for. Until then nobody is signed in."""

import math
import time
from dataclasses import asdict, dataclass

from django.contrib import admin
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.access import onwards
from config.audit.log import record
from config.limits.words import too_many
from config.notices import telling
from config.two_factor import codes, factors
from config.two_factor.required import PASSED

# How long a right password waits for its code, in seconds.
PATIENCE = 300
_KEY = "second_step"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    """Whose password was right, when, what it was then (as Django's session hash), and where to go afterwards."""

    member: int
    password: str
    backend: str
    at: float
    onwards: str


def begin(request: HttpRequest, member: User) -> HttpResponse:
    """Remember in a new session whose password was right, and go to the second page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    pending = _Pending(
        member=member.pk,
        password=member.get_session_auth_hash(),
        backend=str(getattr(member, "backend", "")),
        at=time.time(),
        onwards=onwards(request, asked),
    )
    request.session.flush()
    request.session[_KEY] = asdict(pending)
    return redirect("second_step")


@never_cache
@csrf_protect
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and sign in whoever has it; back to the first page where that was too long ago."""
    pending = _pending(request)
    member = _member(pending) if pending else None
    if pending is None or member is None:
        request.session.pop(_KEY, None)
        return redirect("admin:login")
    if request.method != "POST":
        return _page(request)
    if wait := factors.wait(member):
        answer = _page(request, problem=too_many(wait), status=429)
        answer["Retry-After"] = str(math.ceil(wait))
        return answer
    return _take(request, member, pending)


def _take(request: HttpRequest, member: User, pending: _Pending) -> HttpResponse:
    with transaction.atomic():
        way = factors.accept(member, request.POST.get("passcode", ""))
        if not way:
            record("two_factor.refused", about=member, request=request)
            return _page(request, problem=gettext("This code is wrong, or it was used already."), status=422)
        factors.forgive(member)
        del request.session[_KEY]
        login(request, member, backend=pending.backend)
        request.session[PASSED] = True
        if way == "recovery":
            record("two_factor.recovery_used", about=member, request=request, count=_left(member))
            telling.tell(member, "code_used", request=request)
    return redirect(pending.onwards)


def _pending(request: HttpRequest) -> _Pending | None:
    kept = request.session.get(_KEY)
    pending = _Pending(**kept) if kept else None
    return pending if pending and time.time() - pending.at < PATIENCE else None


def _member(pending: _Pending) -> User | None:
    """Return who it is, if they may still sign in, and with the password that was right."""
    member = get_user_model().objects.filter(pk=pending.member, is_active=True, is_staff=True).first()
    is_same = member and constant_time_compare(member.get_session_auth_hash(), pending.password)
    return member if is_same else None


def _left(member: User) -> int:
    mine = factors.of(member)
    return mine.recovery_codes.count() if mine else 0


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    told = {"title": gettext("Enter your code"), "problem": problem, "longest": codes.RECOVERY_LENGTH}
    return render(request, "account/second_step.html", admin.site.each_context(request) | told, status=status)
