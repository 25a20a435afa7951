"""Telling members by e-mail what has changed about their sign-in.

A notice is a row of the transaction in which the change is, and a worker sends it afterwards. One that dies while the
mail server has it sends it once more: to be told twice does no harm, and not to be told does.
"""

import logging
import time
from functools import cache

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from config import mail_rows, turns
from config.bells import Bell
from config.notices.models import Notice
from config.notices.wording import compose
from config.posting import Verdict, post, reach

logger = logging.getLogger(__name__)

# Attempts at a mail server that cannot have it now; the sweep makes them, for about a day.
MAX_ATTEMPTS = 144


def tell(member: User, kind: str, *, request: HttpRequest, email: str = "") -> None:
    """Have a member told, at their address or at another; call it in the transaction of the change.

    Nobody is told without an address, or where no mail server is there. Who changes something about themselves reads
    this in the language of the page, and others in the account's.
    """
    email = email or member.email
    if not email or not is_possible():
        return
    is_own = request.user.pk == member.pk
    language = (get_language() if is_own else None) or settings.LANGUAGE_CODE
    Notice.objects.create(member=member, kind=kind, email=email, language=language)
    transaction.on_commit(ring)


def is_possible() -> bool:
    """Say whether e-mails are sent, rather than printed."""
    return "console" not in settings.MAILERS["default"]["BACKEND"]


def is_waiting() -> bool:
    """Tell whether any is due."""
    return Notice.free(timezone.now()).exists()


def ring() -> None:
    """Wake a worker; where no broker answers, the sweep does."""
    _bell().ring()


def send(*, seconds: float) -> None:
    """Send what waits, for some seconds."""
    mail_rows.send(Notice, _send, ends=time.monotonic() + seconds)


@cache
def _bell() -> Bell:
    from config.tasks import send_notices  # which needs this

    return Bell(send_notices)


def _send(pk: int) -> bool:
    """Send one that is ours; False where the mail server cannot be reached."""
    row, mailer = Notice.objects.get(pk=pk), reach()
    if mailer is None:
        _later(row)
        return False
    try:
        _close(row, post(mailer, compose(row)).verdict)
    finally:
        mailer.close()
    return True


def _close(row: Notice, verdict: Verdict) -> None:
    if verdict is Verdict.PUT_OFF:
        _later(row)
        return
    if verdict is Verdict.REFUSED:
        logger.warning("The mail server refused a notice to member no. %d", row.member_id)
    turns.ours(row).delete()


def _later(row: Notice) -> None:
    pause = turns.failed(row)
    if row.failures < MAX_ATTEMPTS:
        turns.leave(row, pause)
        return
    logger.warning("A notice to member no. %d was given up", row.member_id)
    turns.ours(row).delete()
