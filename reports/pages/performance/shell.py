"""What these pages share: their context, the addresses of people, how fresh the numbers are, and a CSV."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from config.audit.csv_export import written
from config.audit.log import record
from reports.pages import access
from reports.pages.performance import filters
from reports.pages.performance.filters import Filters
from reports.performance import keeping
from reports.performance.scope import Scope
from subscriptions.segments.haste import Deadline, hurried
from subscriptions.segments.mistakes import SegmentError

# How long somebody waits for numbers of some people only, for whom no counts are kept.
SECONDS = 20


def asked(request: HttpRequest) -> Filters:
    """Read what was asked for."""
    return filters.asked(request.GET)


def links(address: str, asked: Filters) -> Callable[[str, str], str]:
    """Return what makes the address of the people behind a number; `own` is what its row adds to the filters."""
    base = f"{address}?{asked.query(sort='')}"
    return lambda name, own: f"{base}&number={name}{own and '&'}{own}"


def shown(request: HttpRequest, template: str, title: str, asked: Filters, **own: Any) -> HttpResponse:
    """Show a page with its filters, and say how fresh the numbers are."""
    standing = keeping.standing()
    told = {
        "tab": template,
        "asked": asked.asked,
        "filters": asked,
        "standing": standing,
        "choices": filters.choices(),
        **own,
    }
    return render(request, f"reports/performance/{template}.html", access.context(request, title, **told))


def problem_of(scope: Scope) -> str:
    """Say why the people that are meant cannot be asked for; nothing where they can."""
    try:
        scope.of_people()
    except SegmentError as error:
        return _("The segment cannot be asked any more: %(why)s") % {"why": error}
    return ""


def answered(scope: Scope, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what a page tells of a scope, with the counts as fresh as is quickly done.

    Where the people that are meant cannot be asked for, or not in time, it is nothing but the `problem` in words.
    """
    if problem := problem_of(scope):
        return {"problem": problem}
    keeping.freshen()
    if not scope.is_of_some_people:
        return ask()
    try:
        with hurried(Deadline(SECONDS)):
            return ask()
    except OperationalError:
        words = _("For some people only, this takes longer than %(seconds)d seconds. Choose a shorter period.")
        return {"problem": words % {"seconds": SECONDS}}


def as_csv(
    request: HttpRequest, name: str, columns: Sequence[Any], lines: Iterable[Sequence[Any]], *, about: Any, count: int
) -> StreamingHttpResponse:
    """Answer with a CSV of so many rows about some kind of thing, and write that down."""
    record("exported", about=about, request=request, count=count)
    answer = StreamingHttpResponse(written(columns, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def address(name: str, *args: Any) -> str:
    """Return an address of these pages."""
    return reverse(f"report_{name}", args=args)
