"""What somebody chooses to get, from an e-mail that they got."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from automations.models import Message
from contacts.models import PERSON, Contact, Standing
from contacts.services import confirm, subscribe, unsubscribe

State = Standing.State


def standings(contact: Contact) -> QuerySet[Standing]:
    """Return how they stand on the lists that they are or were on."""
    return Standing.objects.filter(contact=contact).select_related("contact_list").order_by("contact_list__name")


@transaction.atomic
def leave(message: Message) -> None:
    """Unsubscribe them from every list; once more changes nothing."""
    contact = message.enrolment.contact
    for one in standings(contact).exclude(state=State.UNSUBSCRIBED):
        unsubscribe([contact.pk], one.contact_list_id, source=PERSON)


@transaction.atomic
def choose(message: Message, lists: Collection[int], *, language: str) -> None:
    """Subscribe them to the lists that they name, of those that they are or were on, and to no other.

    They read the e-mail at their address, so nobody has to be asked whether it is theirs.
    """
    contact = message.enrolment.contact
    for one in standings(contact):
        if one.contact_list_id in lists and not one.is_subscribed:
            subscribe([contact.pk], one.contact_list_id, source=PERSON)
            confirm([contact.pk], one.contact_list_id, source=PERSON)
        elif one.contact_list_id not in lists:
            unsubscribe([contact.pk], one.contact_list_id, source=PERSON)
    if language in dict(settings.LANGUAGES) and language != contact.language:
        contact.language = language
        Contact.objects.filter(pk=contact.pk).update(language=language)
