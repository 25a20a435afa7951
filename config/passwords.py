"""Changing one's own password, which the audit log knows as it knows any other that is set."""

from http import HTTPStatus

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from unfold.forms import AdminOwnPasswordChangeForm

from config.access import onwards, person
from config.audit.log import record
from config.given_passwords import given
from config.notices import telling
from config.sessions import lifetime


class OwnPasswordForm(AdminOwnPasswordChangeForm):  # type: ignore[misc]
    """The theme's form, which takes no password that is the old one."""

    def clean_new_password1(self) -> str:
        """Refuse the old one: it may be known to whoever has given it."""
        chosen: str = self.cleaned_data["new_password1"]
        if constant_time_compare(chosen, self.cleaned_data.get("old_password", "")):
            raise ValidationError(_("This is the password that you have. Choose another one."), code="password_is_old")
        return chosen


@transaction.atomic
def change_own(request: HttpRequest) -> HttpResponseBase:
    """Show the page and take the new password; end the sessions that are open elsewhere; record it; all or nothing."""
    is_held = given.is_held(request)
    answer = _page(request, is_held=is_held)
    if request.method != "POST" or answer.status_code != HTTPStatus.FOUND:
        return answer
    member = person(request)
    given.forget(request, member)
    lifetime.end(member, but=request)
    record("changed", about=member, request=request, fields=["password"])
    telling.tell(member, "password_changed", request=request)
    return redirect(onwards(request, request.GET.get("next", ""))) if is_held else answer


def _page(request: HttpRequest, *, is_held: bool) -> HttpResponseBase:
    show = PasswordChangeView.as_view(
        form_class=OwnPasswordForm,
        success_url=reverse("admin:password_change_done"),
        template_name="account/password.html",
        extra_context=admin.site.each_context(request) | {"is_held": is_held},
    )
    return show(request)
