"""What moves with a person when two contacts become one: their ways through automations."""

from django.utils import timezone

from automations.models import Enrolment, Occurrence
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


def _end(one: Enrolment) -> None:
    ways = Enrolment.objects.filter(pk=one.pk)
    ways.update(run_key=f"m{one.pk}")
    ways.end("merged", timezone.now())


MOVER = Mover(app="automations", lock=lambda: None, move=_move)
