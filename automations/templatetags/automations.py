"""The automations of a contact, and the e-mails that they got, for the contact's page."""

from typing import Any

from django import template

from automations import reasons
from automations.flow import outline
from automations.models import Engagement, Enrolment, Message
from automations.pages.words import LOOKS_OF_PEOPLE
from contacts.models import Contact

register = template.Library()
# How many ways the contact's page tells of; all are on the automations' own pages.
MOST = 10
_ICONS: dict[str, str] = {
    Engagement.Kind.DELIVERED: "mark_email_read",
    Engagement.Kind.OPENED: "drafts",
    Engagement.Kind.CLICKED: "ads_click",
    Engagement.Kind.UNSUBSCRIBED: "unsubscribe",
    Engagement.Kind.REPLIED: "reply",
    Engagement.Kind.BOUNCED: "error",
    Engagement.Kind.SOFT_BOUNCED: "schedule_send",
    Engagement.Kind.COMPLAINED: "report",
}


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


@register.inclusion_tag("automations/_emails_of_contact.html")
def emails_of_contact(contact: Contact) -> dict[str, Any]:
    """Show the newest e-mails of a contact: when each was sent, and what was done with it."""
    rows = Message.objects.filter(contact=contact).exclude(campaign=None)
    over = rows.exclude(state__in=(*Message.UNSENT, Message.State.CANCELLED)).select_related("enrolment", "campaign")
    newest = list(over.prefetch_related("engagements").order_by("-finished_at", "-pk")[: MOST + 1])
    shown = [{"message": one, "why": reasons.say(one.problem), "did": _did(one)} for one in newest[:MOST]]
    return {"rows": shown, "has_more": len(newest) > MOST}


def _did(message: Message) -> list[dict[str, Any]]:
    """Say what was done with it, each once with the first time."""
    first: dict[str, Engagement] = {}
    for one in message.engagements.all():
        if not one.is_machine:
            first.setdefault(one.kind, one)
    return [{"icon": _ICONS[one.kind], "label": one.get_kind_display(), "at": one.at} for one in first.values()]


def _place(way: Enrolment) -> str:
    if not way.is_inside:
        return ""
    parts = outline.of_published(way.version.flow).every_part()
    return next((part.words for part in parts if part.id == way.step), "")
