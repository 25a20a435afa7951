"""Asking people by e-mail whether they want to be on a list, and taking their yes.

A message waits as a row, and is sent outside any transaction by whoever claims it.
"""

import time
from functools import partial

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from config import mail_rows, turns
from contacts.confirmation_mail import compose
from contacts.models import PERSON, VALID, Confirmation, Standing, Way
from contacts.services import bounce, confirm, email_key, emails_of

# Attempts at a mail server that cannot be reached; with the pauses between them, about three hours.
MAX_ATTEMPTS = 200
_SIGNER = Signer(salt="contacts.confirming", sep=".")
State = Confirmation.State


def send(*, seconds: float) -> bool:
    """Send what waits, for some seconds; tell whether there is more that can be sent at once."""
    return mail_rows.send(Confirmation, _send, ends=time.monotonic() + seconds)


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return bool(mail_rows.waiting(Confirmation))


def sweep() -> None:
    """Call failed what a dead process may or may not have sent, and throw away what is over."""
    mail_rows.give_up(Confirmation)
    Confirmation.objects.filter(asked_at__lte=timezone.now() - 2 * VALID).delete()


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


def _send(pk: int) -> bool:
    """Send one message that is ours; False where the mail server cannot be reached."""
    row = Confirmation.objects.select_related("contact", "contact_list").get(pk=pk)
    if not _is_needed(row):
        turns.close(row, State.NEEDLESS)
        return True
    return mail_rows.hand_over(
        row,
        compose(row, token_of(row)),
        is_last=row.failures + 1 >= MAX_ATTEMPTS,
        refused=partial(bounce, row.contact_id, row.contact_list_id),
        email=row.contact.email,
    )


def _is_needed(row: Confirmation) -> bool:
    stands = Standing.objects.filter(
        contact=row.contact_id, contact_list=row.contact_list_id, state=Standing.State.UNCONFIRMED
    )
    return bool(row.contact.email) and stands.exists()
