"""E-mails that were sent, what people did with them, and counting all of it by hand."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from automations.models import Automation, AutomationVersion, Campaign, Engagement, Enrolment, Mailing, Message
from contacts.models import Contact
from reports.performance.tally import Tally

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def person(name: str = "ada") -> Contact:
    """Return the person of this name."""
    email = f"{name}@example.com"
    return Contact.objects.get_or_create(email_key=email, defaults={"email": email, "first_name": name.title()})[0]


def automation(name: str = "Dunning", **flow: Any) -> Automation:
    """Return the automation of this name, published."""
    one, is_new = Automation.objects.get_or_create(name=name, defaults={"state": "active", "version": 1})
    if is_new:
        told = {"triggers": [], "runs": "every_time", "steps": []} | flow
        AutomationVersion.objects.create(automation=one, number=1, flow=told)
        Automation.objects.filter(pk=one.pk).update(draft=told)
        one.refresh_from_db()
    return one


def campaign(name: str = "Reminder", kind: str = "automated", **draft: Any) -> Campaign:
    """Return the campaign of this name."""
    return Campaign.objects.get_or_create(name=name, kind=kind, defaults={"draft": draft})[0]


def way(of: Automation, who: Contact, at: datetime = NOON, **more: Any) -> Enrolment:
    """Let somebody into an automation."""
    newest = Enrolment.objects.order_by("-pk").values_list("pk", flat=True).first()  # some may be gone by now
    told = {"entered_at": at, "arrived_at": at, "run_key": f"k{newest}", "wake_at": None} | more
    return Enrolment.objects.create(automation=of, version=of.versions.get(), contact=who, **told)


def message(who: str = "ada", *, at: datetime | None = NOON, of: Campaign | None = None, by: Any = None) -> Message:
    """Send somebody an e-mail of a campaign, by an automation or to lists; without `at` it is not sent yet."""
    one, contact = of or campaign(), person(who)
    told: dict[str, Any] = {"campaign": one, "contact": contact, "sent_at": at, "state": "sent" if at else "waiting"}
    if one.is_automated:
        told |= {"enrolment": way(by or automation(), contact, at or NOON), "step": "mail"}
    else:
        version = one.versions.get_or_create(number=1, defaults={"content": {}})[0]
        mailing = Mailing.objects.get_or_create(campaign=one, defaults={"version": version})[0]
        told |= {"mailing": mailing, "step": f"{Message.objects.count()}"}
    return Message.objects.create(subject=one.name, **told)


def did(row: Message, *kinds: str, is_machine: bool = False, at: datetime | None = None) -> None:
    """Have things done with a message."""
    for kind in kinds:
        target = "https://example.com/" if kind == "clicked" else ""
        moment = at or timezone.now()
        Engagement.objects.create(message=row, kind=kind, at=moment, is_machine=is_machine, target=target)


def by_hand(rows: list[Message]) -> Tally:
    """Count messages one by one."""
    found = Counter[str]()
    for row in rows:
        done = list(row.engagements.all())
        own, machines = [x.kind for x in done if not x.is_machine], [x.kind for x in done if x.is_machine]
        is_opened = "opened" in own or "clicked" in own
        found["sent"] += 1
        found["confirmed"] += "delivered" in own
        found["opened"] += is_opened
        found["opens"] += own.count("opened")
        found["machine_opens"] += machines.count("opened")
        found["by_machines"] += "opened" in machines and not is_opened
        found["clicked"] += "clicked" in own
        found["clicks"] += own.count("clicked")
        for kind in ("replied", "bounced", "soft_bounced", "unsubscribed", "complained"):
            found[kind] += kind in own
    return Tally(**found)


def later(**span: Any) -> datetime:
    """Return a moment after noon."""
    return NOON + timedelta(**span)
