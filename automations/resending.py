"""Sending once more what a mail server refused for now, such as for a full mailbox: as it was sent, hours later."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from automations import suppressing
from automations.composing import Composed
from automations.email import kept, sheets, writing
from automations.email.content import Content
from automations.mailings import letters
from automations.models import Automation, Engagement, Mailing, Message, Sender

AT_ONCE = 20
# How long it waits after each refusal; who refuses it once more then has bounced, and may be written to later.
PAUSES = (timedelta(hours=2), timedelta(hours=12), timedelta(hours=48))
State = Message.State


def plan(row: Message) -> bool:
    """Have a message that was sent wait for another attempt; False where it had all of them."""
    refusals = Engagement.objects.filter(message=row, kind=Engagement.Kind.SOFT_BOUNCED).count()
    if not 0 < refusals <= len(PAUSES):
        return False
    at = timezone.now() + PAUSES[refusals - 1]
    sent = Message.objects.filter(pk=row.pk, state=State.SENT).exclude(sheet=None)
    sent.update(state=State.WAITING, again_at=at, claimed_until=at, claim="", failures=0)
    return True


def due() -> list[int]:
    """Name some messages that are due for another attempt; those of what is held wait on."""
    now = timezone.now()
    held = Q(enrolment__automation__state=Automation.State.PAUSED) | Q(mailing__state=Mailing.State.PAUSED)
    waiting = Message.free(now).filter(again_at__lte=now).exclude(held)
    return list(waiting.order_by("again_at").values_list("pk", flat=True)[:AT_ONCE])


def why_not(row: Message) -> str:
    """Say why it is not to be sent any more, as a word that the pages know; empty if it is."""
    if row.mailing:
        return "cancelled" if row.mailing.state == Mailing.State.CANCELLED else letters.why_not(row)
    return suppressing.why_not(_content(row).purpose, row.contact)


def compose(row: Message, sender: Sender) -> Composed:
    """Write it as it was sent, to the address that the person has now."""
    html, text = kept.of(row)
    written = writing.Written(subject=row.subject, html=html, text=text)
    assert row.sheet is not None  # noqa: S101 # whoever plans knows
    letter = writing.Letter(
        sheet=row.sheet, content=_content(row), sender=sender, contact=row.contact, number=row.number
    )
    message = writing.message(letter, written)
    return Composed(message=message, html=html, kept={"email": message.to[0]})


def _content(row: Message) -> Content:
    assert row.sheet is not None  # noqa: S101 # whoever plans knows
    return sheets.read(row.sheet.version)
