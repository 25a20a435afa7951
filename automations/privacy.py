"""What automations tell of a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from automations.models import Enrolment
from contacts.models import Contact
from contacts.privacy import Holder, plain


def _collect(contact: Contact) -> dict[str, Any]:
    rows = Enrolment.objects.filter(contact=contact).select_related("automation").order_by("pk")
    return {"automations": [_enrolment(one) for one in rows.prefetch_related("passages", "messages", "calls")]}


def _enrolment(one: Enrolment) -> dict[str, Any]:
    own = ("id", "enrolment", "claim", "claimed_until", "failures")
    return {
        "automation": one.automation.name,
        **plain(one, without=("contact", "automation")),
        "steps": [plain(row, without=own) for row in one.passages.all()],
        "messages": [plain(row, without=own) | {"number": str(row.number)} for row in one.messages.all()],
        "calls": [plain(row, without=own) | {"number": str(row.number)} for row in one.calls.all()],
    }


def _erase(contact: Contact) -> None:
    Enrolment.objects.filter(contact=contact).delete()


HOLDER = Holder(app="automations", collect=_collect, erase=_erase, words={"automations": _("Ways through automations")})
