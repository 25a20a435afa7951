"""Which segments automations ask for, in what people go by and in what is being worked on."""

from collections.abc import Collection

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from automations.models import Automation, AutomationVersion
from subscriptions.segments.known import named_in
from subscriptions.segments.uses import Use


def of_segments(segments: Collection[int]) -> dict[int, list[Use]]:
    """Return the automations that ask for each of these segments."""
    found: dict[int, list[Use]] = {}
    published = dict(_published())
    for one in Automation.objects.living().order_by("name"):
        _lists, named = named_in([one.draft, published.get(one.pk)])
        for number in named & set(segments):
            found.setdefault(number, []).append(Use(kind=_("Automation"), name=one.name, url=""))
    return found


def _published() -> list[tuple[int, object]]:
    rows = AutomationVersion.objects.filter(number=F("automation__version"))
    return list(rows.values_list("automation_id", "flow"))
