"""Who can be mailed at all."""

from django.db.models import Exists, OuterRef, Q

from contacts.models import Standing


def can_be_mailed() -> Q:
    """Return the condition on contacts: an e-mail, subscribed to some list, and refused for good by no mail server."""
    standings = Standing.objects.filter(contact=OuterRef("pk")).order_by()
    subscribed = standings.filter(state=Standing.State.SUBSCRIBED)
    bounced = standings.filter(state=Standing.State.BOUNCED)
    return Q(Exists(subscribed)) & Q(email_key__isnull=False) & ~Q(Exists(bounced))
