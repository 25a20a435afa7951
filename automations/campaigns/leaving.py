"""What somebody chooses to get, from an e-mail that they got."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from automations.models import Engagement, Message
from contacts.models import PERSON, Contact, Standing
from contacts.services import confirm, subscribe
from contacts.services import leave as leave_lists


def standings(contact: Contact) -> QuerySet[Standing]:
    """Return how they stand on the lists that they are or were on."""
    return Standing.objects.filter(contact=contact).select_related("contact_list").order_by("contact_list__name")


@transaction.atomic
def leave(message: Message, *, way: str) -> None:
    """Unsubscribe them from every list, by which way is for its history; once more changes nothing."""
    contact = message.contact
    if leave_lists(contact.pk, source=PERSON, way=way):
        Engagement.objects.create(message=message, kind=Engagement.Kind.UNSUBSCRIBED, at=timezone.now())


@transaction.atomic
def choose(message: Message, lists: Collection[int], *, language: str, is_measured: bool) -> None:
    """Subscribe them to the lists that they name, of those that they are or were on, and to no other.

    They read the e-mail at their address, so nobody has to be asked whether it is theirs.
    """
    contact = message.contact
    for one in standings(contact).filter(contact_list__in=lists).exclude(state=Standing.State.SUBSCRIBED):
        subscribe([contact.pk], one.contact_list_id, source=PERSON)
        confirm([contact.pk], one.contact_list_id, source=PERSON)
    leave_lists(contact.pk, but=lists, source=PERSON)
    contact.is_measured = is_measured
    contact.language = language if language in dict(settings.LANGUAGES) else contact.language
    Contact.objects.filter(pk=contact.pk).update(language=contact.language, is_measured=is_measured)
