"""Finding people by what somebody types of them."""

from django.db.models import QuerySet

from config.seeking import contains
from contacts.models import Contact

# Words beyond these narrow nothing down any more.
_MOST_WORDS = 5


def people(q: str) -> "QuerySet[Contact]":
    """Find people of whom each word is in the e-mail or in a name."""
    found = Contact.objects.all()
    for word in q.split()[:_MOST_WORDS]:
        found = found.filter(contains(word, "email", "first_name", "last_name"))
    return found
