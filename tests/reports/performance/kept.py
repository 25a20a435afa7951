"""What is kept of e-mails and ways, and the same counted one by one, as plain data to compare."""

from collections import Counter, defaultdict
from typing import Any

from automations.models import Enrolment, Message, Passage
from reports.models import Cell, WayCell
from reports.performance import ways
from reports.performance.tally import COUNTS, Tally
from reports.periods import day_of
from tests.reports.performance.sent import by_hand


def kept() -> dict[Any, Tally]:
    """The counts as they are kept, but for empty ones."""
    rows = Cell.objects.values("campaign", "automation", "day", *COUNTS)
    return {
        (row["campaign"], row["automation"], row["day"]): Tally(**{name: row[name] for name in COUNTS}) for row in rows
    }


def everything() -> dict[Any, Tally]:
    """The same, counted one message after the other."""
    groups: dict[Any, list[Message]] = defaultdict(list)
    for row in Message.objects.exclude(sent_at=None).exclude(campaign=None).select_related("enrolment"):
        of = row.enrolment.automation_id if row.enrolment else 0
        groups[(row.campaign_id, of, day_of(row.sent_at))].append(row)
    return {key: by_hand(rows) for key, rows in groups.items()}


def kept_ways() -> dict[Any, int]:
    """What is kept of ways, number by number."""
    rows = WayCell.objects.values()
    return {
        (row["automation"], row["day"], row["step"], name): row[name]
        for row in rows
        for name in ways.NAMES
        if row[name]
    }


def every_way() -> dict[Any, int]:
    """The same, counted one way and one passed step after the other."""
    found: Counter[Any] = Counter()
    for one in Enrolment.objects.all():
        found[(one.automation_id, day_of(one.entered_at), "", "entered")] += 1
        if one.ended_at and one.state == "finished":
            found[(one.automation_id, day_of(one.ended_at), "", "finished")] += 1
        if one.ended_at and one.state == "ended":
            found[(one.automation_id, day_of(one.ended_at), "", "ended")] += 1
            found[(one.automation_id, day_of(one.ended_at), one.step, "left")] += 1
    for row in Passage.objects.select_related("enrolment"):
        place = (row.enrolment.automation_id, day_of(row.left_at), row.step)
        found[(*place, "passed")] += 1
        found[(*place, "reached")] += row.outcome == "reached"
    return {key: count for key, count in found.items() if count}
