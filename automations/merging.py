"""What moves with a person when two contacts become one: their ways through automations, and their e-mails."""

from django.utils import timezone

from automations.models import Enrolment, Message, Occurrence
from contacts.merging import Mover
from contacts.models import Contact


def _move(source: Contact, target: Contact) -> None:
    """Move them; of two ways that a person may go only once, the one of who is kept goes on."""
    Occurrence.objects.filter(contact=source).update(contact=target)
    rows = Enrolment.objects.filter(contact=source).order_by("pk")
    key, mine = f"c{target.pk}", f"c{source.pk}"
    once = set(Enrolment.objects.filter(contact=target, run_key=key).values_list("automation_id", flat=True))
    for one in rows.select_for_update().filter(run_key=mine):
        if one.automation_id in once:
            _end(one)
        else:
            Enrolment.objects.filter(pk=one.pk).update(run_key=key)
    rows.update(contact=target)
    _move_messages(source, target)


def _move_messages(source: Contact, target: Contact) -> None:
    """Move the e-mails; of two of one mailing the second is not sent any more, and kept under a name of its own."""
    rows = Message.objects.filter(contact=source)
    mine = Message.objects.filter(contact=target).exclude(mailing=None).values("mailing")
    for row in rows.filter(mailing__in=mine).select_for_update(of=("self",)).order_by("pk"):
        row.step = f"m{row.pk}"
        row.state = Message.State.CANCELLED if row.is_open else row.state
        Message.objects.filter(pk=row.pk).update(step=row.step, state=row.state)
    rows.update(contact=target)


def _end(one: Enrolment) -> None:
    ways = Enrolment.objects.filter(pk=one.pk)
    ways.update(run_key=f"m{one.pk}")
    ways.end("merged", timezone.now())


MOVER = Mover(app="automations", lock=lambda: None, move=_move)
