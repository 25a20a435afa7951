"""First passwords: made at random for a member, good for some days, and gone once they have chosen their own."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from config.given_passwords.models import GivenPassword

# For so long one that is never used opens anything.
LASTS = timedelta(days=7)
# 118 bits, of signs that nobody takes for one another when they are read aloud or from paper.
_SIGNS, _GROUPS, _IN_GROUP = "abcdefghjkmnpqrstuvwxyz23456789", 4, 6
# What a session says whose member signed in with such a password. To give one ends the member's sessions, so it is
# enough to look when they sign in, and no request pays for it.
_KEY = "given_password"


def listen() -> None:
    """Have each sign-in look whether its password was given."""
    user_logged_in.connect(_look, dispatch_uid="config.given_passwords")


def give(member: User) -> str:
    """Give this member a password, and return it: it is known from then on to nobody but whoever is told now."""
    made = "-".join("".join(secrets.choice(_SIGNS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    member.set_password(made)
    member.save(update_fields=["password"])
    GivenPassword.objects.update_or_create(member=member, defaults={"given_at": timezone.now()})
    return made


def is_over(member: User) -> bool:
    """Say whether a password was given to this member too long ago to open anything."""
    return GivenPassword.objects.filter(member=member, given_at__lte=timezone.now() - LASTS).exists()


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
