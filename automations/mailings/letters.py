"""The messages of direct campaigns on their way out: which are due, and whether and how each is written."""

from collections.abc import Iterator

from django.utils import timezone

from automations import suppressing
from automations.composing import Composed, Source, compose_campaign
from automations.mailings import trying
from automations.models import Mailing, Message, Sender

# So few of one mailing are taken at a time that what automations send waits for no more than these.
AT_ONCE = 20


def due() -> list[int]:
    """Name some messages that wait and are due, a few of each mailing; those of one that is held are not."""
    begun = Mailing.objects.filter(state__in=Mailing.OPEN, starts_at__lte=timezone.now())
    return [pk for one in begun for pk in _due(one)]


def _due(mailing: Mailing) -> Iterator[int]:
    waiting = Message.free(timezone.now()).filter(mailing=mailing, again_at=None)
    if trying.is_trying(mailing):
        waiting = waiting.exclude(variant="")
    yield from waiting.order_by("claimed_until").values_list("pk", flat=True)[:AT_ONCE]


def is_going_out(row: Message) -> bool:
    """Say whether its campaign goes out at this moment: somebody may just have held or cancelled it."""
    return Mailing.objects.filter(pk=row.mailing_id or 0, state__in=Mailing.OPEN).exists()


def why_not(row: Message) -> str:
    """Say why it is not to be sent, as a word that the pages know; empty if it is."""
    goes_to = Mailing.lists.through.objects.filter(mailing=row.mailing)
    return suppressing.refused(
        row.contact, wants=lambda lists: goes_to.filter(contactlist__in=lists).exists(), otherwise="not_on_the_list"
    )


def compose(row: Message, sender: Sender) -> Composed:
    """Write it with the values of this moment; raise CannotCompose."""
    mailing = row.mailing
    assert mailing is not None  # noqa: S101 # whoever asks knows
    source = Source.of(mailing.version)
    return compose_campaign(source, row, sender, payment=None, is_other=(row.variant or mailing.winner) == trying.B)
