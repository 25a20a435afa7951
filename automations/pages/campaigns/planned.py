"""What somebody has chosen in the form by which a campaign goes to lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from automations.mailings.planning import MOST_HOURS, SHARES, Plan, Trial
from automations.models import Mailing


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was chosen, as a plan, with what is wrong by the name of its input; `at` is as it was typed."""

    plan: Plan
    at: str = ""
    is_later: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)


def read(told: QueryDict) -> Chosen:
    """Read the form; what names no number is left out."""
    errors: dict[str, str] = {}
    at, is_later = told.get("at", "")[:40], told.get("when") == "later"
    moment = _moment(at) if is_later else None
    if is_later and moment is None:
        errors["at"] = _("Say on which day and at what time.")
    elif moment is not None and moment <= timezone.now():
        errors["at"] = _("That moment is past.")
    lists = [number for one in told.getlist("list") if (number := _number(one))]
    if not lists:
        errors["list"] = _("Choose a list.")
    plan = Plan(lists=lists, segment=_number(told.get("segment", "")), at=moment, trial=_trial(told))
    return Chosen(plan=plan, at=at, is_later=is_later, errors=errors)


def nothing() -> Chosen:
    """Return what the form shows at first."""
    return Chosen(plan=Plan(lists=[]))


def _trial(told: QueryDict) -> Trial | None:
    share = _number(told.get("share", ""))
    if share not in SHARES:
        return None
    hours = min(max(_number(told.get("hours", "")) or 4, 1), MOST_HOURS)
    by = told.get("by", "")
    return Trial(share=share, hours=hours, by=by if by in Mailing.Measure.values else Mailing.Measure.OPENED)


def _moment(typed: str) -> datetime | None:
    """Read a moment of the account's zone; None for one that cannot be."""
    try:
        return timezone.make_aware(datetime.fromisoformat(typed).replace(tzinfo=None))
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) else None
