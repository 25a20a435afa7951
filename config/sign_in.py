"""Signing in, and how often somebody may try it in vain.

Two limits, each filling up again evenly: 10 failures in 15 minutes for one name from one address, and 100 in 15 minutes
for one address, whatever names are tried. Once the first is used up, even the right password waits for the next try,
90 seconds at most. No limit goes by the name alone: strangers could else keep somebody out.
"""

import math
from collections.abc import Callable

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from config.given_passwords import given
from config.limits import addresses
from config.limits.allowances import Limit, give_back, take
from config.limits.words import too_many
from config.two_factor import factors, second_step

QUARTER = 15 * 60
OF_NAME = Limit(name="sign-in by name and address", burst=10, seconds=QUARTER)
OF_ADDRESS = Limit(name="sign-in by address", burst=100, seconds=QUARTER)
_OVER = _("This password was good for some days only. Ask an administrator for a new one.")


class NeedsCode(Exception):
    """The password of `member` is right, and they sign in with two factors."""

    def __init__(self, member: User) -> None:
        super().__init__()
        self.member = member


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    """The theme's form; `wait` is the number of seconds until the next try, once there were too many."""

    wait = 0.0

    def clean(self) -> dict[str, str]:
        """Take a try before the password is looked at, so that many at once count too; a good one is given back."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password or self.request is None:
            return super().clean()  # type: ignore[no-any-return]
        address = addresses.of(self.request)
        tries = ((OF_NAME, name.casefold(), address), (OF_ADDRESS, address))
        self.wait = next((wait for limit, *who in tries if (wait := take(limit, *who))), 0.0)
        if self.wait:
            raise ValidationError(too_many(self.wait), code="throttled")
        cleaned: dict[str, str] = super().clean()
        for limit, *who in tries:
            give_back(limit, *who)
        if given.is_over(self.get_user()):
            raise ValidationError(_OVER, code="first_password_over")
        if factors.is_on(self.get_user()):
            raise NeedsCode(self.get_user())
        return cleaned


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Show the page and take what is entered; answer 429 with Retry-After where that was tried too often.

    Whoever signs in with two factors is not signed in here, but on the second page.
    """
    page: Callable[[HttpRequest], HttpResponseBase] = admin.site.login
    try:
        answer = page(request)
    except NeedsCode as needs:
        return second_step.begin(request, needs.member)
    form = (getattr(answer, "context_data", None) or {}).get("form")
    if wait := getattr(form, "wait", 0.0):
        answer.status_code = 429
        answer["Retry-After"] = str(math.ceil(wait))
    return answer
