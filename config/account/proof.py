"""Showing that it is really the member who sits there: by the password, by a code, and not by many tries."""

import math
from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext

from config.access import person
from config.limits.words import too_many
from config.two_factor import factors


class Refused(Exception):
    """What was typed is wrong, or too much was tried: `words` for the page, its `status`, and seconds to `wait`."""

    def __init__(self, words: str, *, wait: float = 0.0) -> None:
        super().__init__(words)
        self.words, self.wait, self.status = words, math.ceil(wait), 429 if wait else 422


def of_password(request: HttpRequest) -> None:
    """Raise Refused unless the member's own password was posted."""
    member = person(request)
    _try(request, lambda: member.check_password(request.POST.get("password", "")), gettext("The password is wrong."))


def of_code[Given](request: HttpRequest, take: Callable[[str], Given]) -> Given:
    """Have the posted code taken, and return what it was good for; raise Refused where it was good for nothing."""
    code = request.POST.get("passcode", "")
    wrong = gettext("This code is wrong, or it was used already. Wait for the next one.")
    return _try(request, lambda: take(code), wrong)


def _try[Given](request: HttpRequest, check: Callable[[], Given], wrong: str) -> Given:
    if wait := factors.wait(person(request)):
        raise Refused(too_many(wait), wait=wait)
    if not (given := check()):
        raise Refused(wrong)
    factors.forgive(person(request))
    return given
