"""What automations tell of a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from automations.email import kept
from automations.models import Automation, AutomationVersion, Enrolment, Message, Trigger
from contacts import conditions, suppressing
from contacts.models import Contact
from contacts.privacy import Holder, plain
from contacts.services import email_key

# What is of no meaning to the person.
_OURS = ("id", "enrolment", "contact", "mailing", "claim", "claimed_until", "failures")

# Where conditions are kept.
_CONDITIONS = ((Automation, "draft"), (AutomationVersion, "flow"), (Trigger, "options"))


def _collect(contact: Contact) -> dict[str, Any]:
    rows = Enrolment.objects.filter(contact=contact).select_related("automation").order_by("pk")
    mailed = Message.objects.filter(contact=contact).exclude(mailing=None).select_related("sheet", "campaign")
    return {
        "campaigns": [
            _message(one) | {"campaign": one.campaign.name if one.campaign else ""}
            for one in mailed.prefetch_related("engagements").order_by("pk")
        ],
        "occurrences": [
            plain(one, without=("id", "contact", "depth")) for one in contact.occurrences.order_by("happened_at", "pk")
        ],
        "automations": [
            _enrolment(one)
            for one in rows.prefetch_related("passages", "messages__sheet", "messages__engagements", "calls")
        ],
    }


def _enrolment(one: Enrolment) -> dict[str, Any]:
    return {
        "automation": one.automation.name,
        **plain(one, without=("contact", "automation")),
        "steps": [plain(row, without=_OURS) for row in one.passages.all()],
        "messages": [_message(row) for row in one.messages.all()],
        "calls": [plain(row, without=_OURS) | {"number": str(row.number)} for row in one.calls.all()],
    }


def _message(row: Message) -> dict[str, Any]:
    html, text = kept.of(row)
    told = plain(row, without=(*_OURS, "body", "sheet"))
    done = [plain(one, without=("id", "message", "hit")) for one in row.engagements.all()]
    return told | {"number": str(row.number), "html": html, "text": text, "done": done}


def _erase(contact: Contact) -> None:
    """Take out what was sent and done, and the person's name from conditions.

    What is suppressed may be an address at which the person was written to once, and which the contact no longer has.
    """
    for email in Message.objects.filter(contact=contact).values_list("email", flat=True).distinct():
        suppressing.forget(email_key(email))
    conditions.forget(contact, _CONDITIONS)
    Enrolment.objects.filter(contact=contact).delete()
    Message.objects.filter(contact=contact).delete()


HOLDER = Holder(
    app="automations",
    collect=_collect,
    erase=_erase,
    words={"automations": _("Ways through automations"), "campaigns": _("E-mails of campaigns")},
)
