"""Whom an e-mail may not be sent to, asked of the database at the moment of sending, in one question."""

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When

from contacts import suppressing
from contacts.models import Contact, Standing
from contacts.reach import can_be_mailed
from contacts.services import email_key


def why_not(purpose: str, contact: Contact) -> str:
    """Say why an e-mail is not to be sent to somebody, as a word that the pages know; empty if it is.

    Marketing goes to those only who are subscribed to some list; service, which is about a person's own recurring
    payment, goes to everybody whose mail server has not refused us for good.
    """
    return refused(contact) if purpose == "service" else refused(contact, wanted=can_be_mailed())


def refused(contact: Contact, *, wanted: Q | None = None, otherwise: str = "not_subscribed") -> str:
    """Say why nothing is sent to somebody; `otherwise` where nothing speaks against it but the person is not `wanted`.

    `wanted` is a condition on contacts.
    """
    key = email_key(contact.email)
    if key is None:
        return "no_address"
    reason = Subquery(suppressing.about(contact.email_key or key).values("reason")[:1])
    bounced = Exists(Standing.objects.filter(contact=OuterRef("pk"), state=Standing.State.BOUNCED))
    is_wanted = Value(True) if wanted is None else Case(When(wanted, then=True), default=False)
    asked = Contact.objects.filter(pk=contact.pk).values_list(reason, bounced, is_wanted)
    for suppressed, has_bounced, may in asked:
        return suppressed or ("bounced" if has_bounced else "" if may else otherwise)
    return otherwise
