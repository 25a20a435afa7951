"""Who can be mailed at all."""

from django.db.models import Exists, OuterRef, Q

from contacts.models import Standing, Suppression


def can_be_mailed() -> Q:
    """Return the condition on contacts: an e-mail that nothing speaks against, and subscribed to some list."""
    standings = Standing.objects.filter(contact=OuterRef("pk")).order_by()
    subscribed = standings.filter(state=Standing.State.SUBSCRIBED)
    bounced = standings.filter(state=Standing.State.BOUNCED)
    suppressed = Suppression.objects.filter(email_key=OuterRef("email_key"))
    return Q(Exists(subscribed)) & Q(email_key__isnull=False) & ~Q(Exists(bounced)) & ~Q(Exists(suppressed))
