"""Whom an e-mail of a step may not be sent to, asked of the database at the moment of sending."""

from automations.flow.shape import Step
from automations.models import Enrolment
from contacts.models import Contact, Standing
from contacts.reach import can_be_mailed
from contacts.services import email_key


def why_not(step: Step, one: Enrolment) -> str:
    """Say why it is not to be sent, as a word that the pages know; empty if it is.

    A colleague gets everything. Marketing goes to those only who are subscribed to some list; what is about a person's
    own recurring payment goes to everybody whose mail server has not refused us for good.
    """
    if step.kind.name != "email":
        return ""
    if email_key(one.contact.email) is None:
        return "no_address"
    standings = Standing.objects.filter(contact=one.contact_id)
    if standings.filter(state=Standing.State.BOUNCED).exists():
        return "bounced"
    if step.options["about"] == "service":
        return ""
    may = Contact.objects.filter(can_be_mailed(), pk=one.contact_id).exists()
    return "" if may else "not_subscribed"
