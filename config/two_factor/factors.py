"""A member's second factor: switched on, asked for, switched off."""

import time

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from config.limits.allowances import Limit, give_back, take
from config.two_factor import codes
from config.two_factor.models import Authenticator, RecoveryCode

# Whoever gets here knows the password already, so these go by the member, wherever the tries come from: with them
# somebody who guesses has one chance in ten thousand a day.
LIMITS = (
    Limit(name="second factor in a quarter", burst=5, seconds=15 * 60),
    Limit(name="second factor in a day", burst=30, seconds=24 * 3600),
)


def is_on(member: User) -> bool:
    """Say whether the member signs in with two factors."""
    return Authenticator.objects.filter(member=member, confirmed_at__isnull=False).exists()


def of(member: User) -> Authenticator | None:
    """Return the member's authenticator, also one that is not confirmed yet."""
    return Authenticator.objects.filter(member=member).first()


def start(member: User) -> None:
    """Make a secret that the member has still to confirm; the one that counts stays, where there is one."""
    with transaction.atomic():
        Authenticator.objects.filter(member=member, confirmed_at=None).delete()
        Authenticator.objects.get_or_create(member=member, defaults={"secret": codes.new_secret()})


def wait(member: User) -> float:
    """Take a try; return 0.0, or the seconds until the next one where there were too many."""
    return next((pause for limit in LIMITS if (pause := take(limit, str(member.pk)))), 0.0)


def forgive(member: User) -> None:
    """Give back the try that turned out to be a good one."""
    for limit in LIMITS:
        give_back(limit, str(member.pk))


def confirm(member: User, code: str) -> list[str]:
    """Switch it on with the first code of the app; return the codes to put away, none where the code is wrong."""
    with transaction.atomic():
        pending = Authenticator.objects.filter(member=member, confirmed_at=None).first()
        if pending is None or not _takes(pending, code):
            return []
        Authenticator.objects.filter(pk=pending.pk).update(confirmed_at=timezone.now())
        return _renew(pending)


def accept(member: User, code: str) -> str:
    """Take a code, once; return by which way it was right, "app" or "recovery", and "" where it was not."""
    mine = Authenticator.objects.filter(member=member, confirmed_at__isnull=False).first()
    if mine is None:
        return ""
    if _takes(mine, code):
        return "app"
    used, _ = RecoveryCode.objects.filter(authenticator=mine, digest=codes.digest(code)).delete()
    return "recovery" if used else ""


def renew_recovery_codes(member: User) -> list[str]:
    """Make new codes to put away; the old ones count no longer."""
    with transaction.atomic():
        return _renew(Authenticator.objects.select_for_update().get(member=member, confirmed_at__isnull=False))


def switch_off(member: User) -> bool:
    """Forget the app and the codes; say whether it was on."""
    was_on = is_on(member)
    Authenticator.objects.filter(member=member).delete()
    return was_on


def _takes(mine: Authenticator, code: str) -> bool:
    """Take an app's code: of two who come with the same one at once, the database lets one through."""
    step = codes.step_of(mine.secret, code, at=time.time())
    return step is not None and bool(
        Authenticator.objects.filter(pk=mine.pk, last_step__lt=step).update(last_step=step)
    )


def _renew(mine: Authenticator) -> list[str]:
    fresh = codes.new_recovery_codes()
    mine.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(authenticator=mine, digest=codes.digest(one)) for one in fresh)
    return fresh
