"""Finding people by what somebody types of them."""

from django.db.models import QuerySet

from config.seeking import contains
from contacts.models import Contact
from contacts.services import find_by_email

# Words beyond these narrow nothing down any more.
_MOST_WORDS = 5


def people(q: str) -> "QuerySet[Contact]":
    """Find whoever has this e-mail or, where nobody has, people of whom each word is in the e-mail or in a name."""
    if (owner := whose_email(q)) is not None:
        return owner
    found = Contact.objects.all()
    for word in q.split()[:_MOST_WORDS]:
        found = found.filter(contains(word, "email", "first_name", "last_name"))
    return found


def whose_email(q: str) -> "QuerySet[Contact] | None":
    """Find whoever has a whole e-mail, or had it before a merge; None where nobody has, or where it is none.

    An index knows that, however many people there are; who has a part of it only a look at all of them tells.
    """
    owners = [contact.pk for contact in find_by_email([q]).values()]
    return Contact.objects.filter(pk__in=owners) if owners else None
