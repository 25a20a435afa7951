"""Which saved reports ask for segments, also those in the archive, since they can be taken out."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.models import Report
from subscriptions.segments.known import named_in
from subscriptions.segments.uses import Use


def of_segments(segments: Collection[int]) -> dict[int, list[Use]]:
    """Return the reports that ask for each of these segments."""
    found: dict[int, list[Use]] = {}
    for one in Report.objects.only("name", "definition").order_by("name"):
        _lists, named = named_in([one.definition])
        for number in named & set(segments):
            found.setdefault(number, []).append(Use(kind=_("Report"), name=one.name, url=_page(one)))
    return found


def _page(report: Report) -> str:
    return reverse("custom_report", args=[report.pk])
