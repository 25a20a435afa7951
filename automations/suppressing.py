"""Whom an e-mail may not be sent to, asked of the database at the moment of sending."""

from contacts import suppressing
from contacts.models import Contact, Standing
from contacts.reach import can_be_mailed
from contacts.services import email_key


def why_not(purpose: str, contact: Contact) -> str:
    """Say why an e-mail is not to be sent to somebody, as a word that the pages know; empty if it is.

    Marketing goes to those only who are subscribed to some list; service, which is about a person's own recurring
    payment, goes to everybody whose mail server has not refused us for good.
    """
    if email_key(contact.email) is None:
        return "no_address"
    if found := suppressing.of(contact.email_key):
        return found.reason
    standings = Standing.objects.filter(contact=contact)
    if standings.filter(state=Standing.State.BOUNCED).exists():
        return "bounced"
    if purpose == "service":
        return ""
    may = Contact.objects.filter(can_be_mailed(), pk=contact.pk).exists()
    return "" if may else "not_subscribed"
