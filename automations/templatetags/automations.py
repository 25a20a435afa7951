"""The automations of a contact, for the contact's page."""

from typing import Any

from django import template

from automations import reasons
from automations.flow import outline
from automations.models import Enrolment
from automations.pages.words import LOOKS_OF_PEOPLE
from contacts.models import Contact

register = template.Library()
# How many ways the contact's page tells of; all are on the automations' own pages.
MOST = 10


@register.inclusion_tag("automations/_of_contact.html")
def automations_of_contact(contact: Contact) -> dict[str, Any]:
    """Show the newest ways of a contact through automations: where they are, or how it ended."""
    ways = Enrolment.objects.filter(contact=contact).select_related("automation", "version", "payment")
    newest = list(ways.order_by("-entered_at", "-pk")[: MOST + 1])
    rows = [
        {
            "way": way,
            "look": LOOKS_OF_PEOPLE[Enrolment.State(way.state)],
            "place": _place(way),
            "why": reasons.say(way.reason),
        }
        for way in newest[:MOST]
    ]
    return {"rows": rows, "has_more": len(newest) > MOST}


def _place(way: Enrolment) -> str:
    if not way.is_inside:
        return ""
    parts = outline.of_published(way.version.flow).every_part()
    return next((part.words for part in parts if part.id == way.step), "")
