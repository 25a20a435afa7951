"""Taking in what has come back: noted once at its message, answers passed on, bounces and complaints heeded."""

import uuid
from collections.abc import Callable, Iterable
from email.message import EmailMessage as Received
from email.utils import getaddresses, parseaddr
from hashlib import sha256

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from automations import resending
from automations.email import addresses, sheets, writing
from automations.email.receiving import heads
from automations.email.receiving.reading import Kind, Returned, read
from automations.models import Engagement, Message
from config.api.showing import showable
from contacts import suppressing
from contacts.models import PERSON, Suppression, Way
from contacts.services import bounce, email_key, leave

# Where mail servers write to whom a message goes, the surest first.
_RECIPIENTS = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")
_FORWARDED = "X-Ritournelle-Forwarded"
MOST_OF_TEXT = 100_000


def take(message: Received, recipients: Iterable[str] = ()) -> bool:
    """Take in a message; say whether it was for us.

    Raise what the mail library raises where an answer cannot be passed on; it is not noted then. `recipients` are the
    addresses that it came to, as far as whoever received it knows them.
    """
    number = _number(message, recipients)
    rows = Message.objects.select_related("contact", "sheet__version")
    row = rows.filter(number=number).first() if number else None
    if row is None:
        return False
    returned = read(message)
    _TAKEN[returned.kind](row, message, returned)
    return True


def _number(message: Received, recipients: Iterable[str]) -> uuid.UUID | None:
    told = [value for name in _RECIPIENTS for value in heads.every(message, name)]
    every = [*recipients, *(address for _name, address in getaddresses(told))]
    return next((number for one in every if (number := addresses.read_reply_address(one))), None)


def _answer(row: Message, message: Received, _returned: Returned) -> None:
    """Pass an answer on to whoever reads answers, and note it; one that came before is neither."""
    hit = _hit(row, message)
    if heads.text(message, _FORWARDED) or Engagement.objects.filter(hit=hit).exists():
        return
    _forwarded(row, message).send()
    note(row, Engagement.Kind.REPLIED, hit)


def _forwarded(row: Message, message: Received) -> EmailMessage:
    """Write it on: from us, since nobody else may send in the person's name, with the person as who is answered."""
    sender = sheets.sender()
    content = sheets.read(row.sheet.version) if row.sheet else None
    ours = writing.sender_of(content, sender)[1] if content else sender.email
    to = (content.reply_to if content else "") or sender.reply_to or ours
    person = parseaddr(heads.text(message, "From"))[1]
    made = EmailMessage(
        subject=" ".join(heads.text(message, "Subject").split())[:300] or _("(no subject)"),
        body=_text(message),
        from_email=ours,
        to=[to],
        reply_to=[person] if person.isascii() and email_key(person) else None,
        headers={_FORWARDED: "yes", "Auto-Submitted": "auto-generated"},
    )
    made.attach("original.eml", heads.whole(message), "application/octet-stream")
    return made


def _text(message: Received) -> str:
    try:
        part = message.get_body(("plain", "html"))
        return showable(str(part.get_content()), MOST_OF_TEXT) if part else ""
    except Exception:  # whatever the mail library cannot read
        return _("It cannot be shown; the original is attached.")


def bounced(row: Message, hit: uuid.UUID, detail: str) -> None:
    """Heed that the address is no good: nothing is sent there any more."""
    contact = row.contact
    with transaction.atomic():
        if not note(row, Engagement.Kind.BOUNCED, hit, detail=detail):
            return
        # the person may have another address by now
        if contact.email_key and contact.email_key == email_key(row.email):
            suppressing.suppress(contact.email_key, Suppression.Reason.BOUNCED, detail=detail)
            bounce(contact.pk)


def refused_for_now(row: Message, hit: uuid.UUID, detail: str) -> None:
    """Heed that it may arrive later: it is sent again some hours later, and has bounced after the last attempt."""
    with transaction.atomic():
        is_news = note(row, Engagement.Kind.SOFT_BOUNCED, hit, detail=detail)
        if is_news and not resending.plan(row):
            note(row, Engagement.Kind.BOUNCED, uuid.uuid5(hit, "last"), detail=detail)


def complained(row: Message, hit: uuid.UUID, detail: str) -> None:
    """Heed that somebody calls it spam: they are on no list any more, and get nothing."""
    contact = row.contact
    with transaction.atomic():
        if not note(row, Engagement.Kind.COMPLAINED, hit, detail=detail):
            return
        if key := email_key(row.email):
            suppressing.suppress(key, Suppression.Reason.COMPLAINED, detail=detail)
        leave(contact.pk, source=PERSON, way=Way.COMPLAINT)


def note(row: Message, kind: str, hit: uuid.UUID, *, detail: str = "") -> bool:
    """Write something down at its message, once; say whether it is news."""
    told = {"message": row, "kind": kind, "at": timezone.now(), "detail": detail[:300]}
    return Engagement.objects.get_or_create(hit=hit, defaults=told)[1]


def _nothing(_row: Message, _message: Received, _returned: Returned) -> None:
    """Take no notice."""


def _hit(row: Message, message: Received) -> uuid.UUID:
    """Return the number by which the same message is known when it comes again."""
    name = heads.text(message, "Message-ID") or sha256(heads.whole(message)).hexdigest()
    return uuid.uuid5(row.number, name)


_TAKEN: dict[Kind, Callable[[Message, Received, Returned], None]] = {
    Kind.ANSWER: _answer,
    Kind.MACHINE: _nothing,
    Kind.DELAYED: _nothing,
    Kind.REFUSED_FOR_NOW: lambda row, message, told: refused_for_now(row, _hit(row, message), told.detail),
    Kind.BOUNCED: lambda row, message, returned: bounced(row, _hit(row, message), returned.detail),
    Kind.COMPLAINT: lambda row, message, returned: complained(row, _hit(row, message), returned.detail),
}
