"""Asking people by e-mail whether they want to be on a list, and taking their yes.

A message waits as a row, and is sent outside any transaction by whoever claims it. It is marked as handed over just
before the mail server gets it: a crash before that loses nothing, and one after it sends nothing twice.
"""

import logging
import smtplib
import time
from typing import Any

from django.core import mail
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from config import turns
from config.posting import Verdict, post
from contacts.confirmation_mail import compose
from contacts.models import PERSON, VALID, Confirmation, Standing, Way
from contacts.services import bounce, confirm, email_key, emails_of

logger = logging.getLogger(__name__)

# Attempts at a mail server that cannot be reached; with the pauses between them, about three hours.
MAX_ATTEMPTS = 200
_AT_ONCE = 100
_SIGNER = Signer(salt="contacts.confirming", sep=".")
State = Confirmation.State


def send(*, seconds: float) -> bool:
    """Send what waits, for some seconds; tell whether there is more that can be sent at once."""
    ends = time.monotonic() + seconds
    while due := _due():
        for pk in due:
            if turns.take(Confirmation, pk) and not _send(pk):
                return False
            if time.monotonic() >= ends:
                return True
    return False


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return bool(_due())


def sweep() -> None:
    """Call failed what a dead process may or may not have sent, and throw away what is over."""
    now = timezone.now()
    unknown = Confirmation.objects.filter(state=State.HANDED, claimed_until__lte=now)
    unknown.update(state=State.FAILED, problem="unknown", finished_at=now)
    Confirmation.objects.filter(asked_at__lte=now - 2 * VALID).delete()


def token_of(row: Confirmation) -> str:
    """Return what the link names: nothing but a random word, signed."""
    return _SIGNER.sign(row.token)


def find(signed: str) -> Confirmation | None:
    """Find what a link is about; None where we never wrote it."""
    try:
        token = _SIGNER.unsign(signed)
    except BadSignature:
        return None
    return Confirmation.objects.select_related("contact", "contact_list").filter(token=token).first()


def counts(row: Confirmation) -> bool:
    """Tell whether a link still counts: not for too long, nor once the person has unsubscribed or has other e-mails."""
    stands = Standing.objects.filter(contact=row.contact_id, contact_list=row.contact_list_id)
    is_theirs = email_key(row.email) in {email_key(email) for email in emails_of(row.contact)}
    return is_theirs and not row.is_expired and stands.exclude(state=Standing.State.UNSUBSCRIBED).exists()


@transaction.atomic
def accept(row: Confirmation) -> bool:
    """Take the person's yes, however often; False where the link counts no longer."""
    if not counts(row):
        return False
    confirm([row.contact_id], row.contact_list_id, source=PERSON, way=Way.CONFIRM_LINK)
    return True


def _due() -> list[int]:
    """Name some messages that wait and are due, the longest first."""
    return list(Confirmation.free(timezone.now()).order_by("claimed_until").values_list("pk", flat=True)[:_AT_ONCE])


def _send(pk: int) -> bool:
    """Send one message that is ours; False where the mail server cannot be reached."""
    row = Confirmation.objects.select_related("contact", "contact_list").get(pk=pk)
    if not _is_needed(row):
        turns.close(row, State.NEEDLESS)
        return True
    mailer = mail.mailers.default
    try:
        mailer.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server cannot be reached (%s)", type(error).__name__)
        _later(row, "unreachable")
        return False
    try:
        return _hand_over(row, mailer)
    finally:
        mailer.close()


def _is_needed(row: Confirmation) -> bool:
    stands = Standing.objects.filter(
        contact=row.contact_id, contact_list=row.contact_list_id, state=Standing.State.UNCONFIRMED
    )
    return bool(row.contact.email) and stands.exists()


def _hand_over(row: Confirmation, mailer: Any) -> bool:
    """Let the mail server have it, once; what it says for certain is believed, and silence is no yes."""
    until = timezone.now() + turns.CLAIM
    if not turns.ours(row).update(state=State.HANDED, email=row.contact.email, claimed_until=until):
        return True  # another process has taken it over
    answer = post(mailer, compose(row, token_of(row)))
    if answer.verdict is Verdict.SENT:
        turns.close(row, State.SENT)
    elif answer.verdict is Verdict.UNKNOWN:
        turns.close(row, State.FAILED, problem="unknown")
    elif answer.verdict is Verdict.PUT_OFF:
        _later(row, "refused")
    else:
        turns.close(row, State.FAILED, problem="refused")
        if answer.is_address:
            bounce(row.contact_id, row.contact_list_id)
    return True


def _later(row: Confirmation, problem: str) -> None:
    pause = turns.failed(row)
    if row.failures >= MAX_ATTEMPTS:
        turns.close(row, State.FAILED, problem=problem)
        return
    turns.ours(row).update(state=State.WAITING)
    turns.leave(row, pause)
