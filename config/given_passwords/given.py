"""Noting whose password somebody else has chosen, and forgetting it once they have chosen their own."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from config.given_passwords.models import GivenPassword

# What a session says whose member signed in with such a password. To give one ends the member's sessions, so it is
# enough to look when they sign in, and no request pays for it.
_KEY = "given_password"


def listen() -> None:
    """Have each sign-in look whether its password was given."""
    user_logged_in.connect(_look, dispatch_uid="config.given_passwords")


def give(member: User) -> None:
    """Note that somebody else has chosen this member's password."""
    GivenPassword.objects.update_or_create(member=member, defaults={"given_at": timezone.now()})


def forget(request: HttpRequest, member: User) -> None:
    """Note that the member has chosen it, in the session of this request too."""
    GivenPassword.objects.filter(member=member).delete()
    request.session.pop(_KEY, None)


def is_held(request: HttpRequest) -> bool:
    """Say whether who asks has still to choose their own password."""
    return bool(request.session.get(_KEY))


def _look(*, request: Any, user: Any, **_: Any) -> None:
    if GivenPassword.objects.filter(member=user).exists():
        request.session[_KEY] = True
