"""What is behind a number of a report: the records, page by page, and as CSV."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from config.audit.csv_export import written
from config.audit.log import record
from reports.custom import asking, places, sentences
from reports.custom import behind as behind_number
from reports.custom.behind import NoSuchPlace
from reports.custom.reading import ReportError
from reports.custom.results import Place
from reports.models import Report
from reports.pages.custom import access, asked
from reports.pages.custom.asked import LONGEST_ADDRESS, Asked, compact
from reports.pages.custom.files import refused
from reports.pages.custom.lists import LISTINGS, Column, Listing, csv_lines, people_of
from subscriptions.segments.haste import Deadline, hurried

PER_PAGE = 50
_FETCHED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A place of a report that was opened; `fields` are what a form sends to mean it again."""

    asked: Asked
    place: Place
    rows: "QuerySet[Any]"
    fields: dict[str, str]

    @property
    def listing(self) -> Listing:
        """How its records are listed."""
        return LISTINGS[self.asked.definition.about.key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record: whose it is, its page, and its cells."""

    person: Any
    opens: str
    cells: list[tuple[Column, Any]]


@access.may("view")
@require_safe
def behind(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Show the records behind a number of a saved report, of the days that the address asks for."""
    report = access.find(report_id)
    _check_rights(request)
    try:
        found = asked.of_report(report, request.GET)
        return _answer(request, found, request.GET.get("place", "{}"), fields=found.days.query)
    except ReportError as error:
        return refused(request, error.errors)


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def behind_built(request: HttpRequest) -> HttpResponseBase:
    """The same of a report that is being built; what is posted and fits into an address is shown under that address."""
    _check_rights(request)
    told = request.POST if request.method == "POST" else request.GET
    text, place = told.get("definition", ""), told.get("place", "{}")
    try:
        found = asked.of_text(text)
        query = urlencode({"definition": found.json, "place": place})
        if request.method == "POST" and len(query) <= LONGEST_ADDRESS and "page" not in told and "csv" not in told:
            return redirect(f"{reverse('custom_report_behind_built')}?{query}")
        return _answer(request, found, place, fields={"definition": found.json})
    except ReportError as error:
        return refused(request, error.errors)


def _check_rights(request: HttpRequest) -> None:
    if not access.may_see_people(request):
        raise PermissionDenied


def _answer(request: HttpRequest, found: Asked, text: str, *, fields: dict[str, str]) -> HttpResponseBase:
    """Answer with a page of records or with all of them as CSV; raise ReportError for a place that is none."""
    told = request.POST if request.method == "POST" else request.GET
    place = asked.parse(text)
    end = Deadline(asking.SECONDS)
    try:
        opened = Opened(
            asked=found,
            place=place,
            rows=behind_number.records(found.definition, place),
            fields={**fields, "place": compact(place)},
        )
        if "csv" in told:
            return _csv(request, opened)
        with hurried(end):
            return _page(request, opened, told.get("page"))
    except NoSuchPlace as error:
        raise ReportError({"": str(error)}) from None
    except OperationalError:
        if end.left > 0:
            raise
        words = gettext("Counting it takes too long. A shorter period or fewer groups may help.")
        return refused(request, {"": words}, 503)


def _page(request: HttpRequest, opened: Opened, number: str | None) -> HttpResponse:
    listing, definition = opened.listing, opened.asked.definition
    page = Paginator(listing.fetch(opened.rows), PER_PAGE).get_page(number)
    columns = listing.columns()
    people = people_of(definition.about.key, opened.rows, definition.about.person)
    own = {
        "asked": opened.asked,
        "report": opened.asked.report,
        "fields": opened.fields,
        "sentence": sentences.sentence(definition),
        "where": places.words(definition, opened.place, next(iter(page.object_list), None)),
        "columns": columns,
        "counted": listing.counted(page.paginator.count),
        "people": people if people != page.paginator.count else None,
        "page": page,
        "rows": [_line(listing, columns, one) for one in page.object_list],
        "may_export": access.may_export(request),
        "is_posted": len(urlencode(opened.fields)) > LONGEST_ADDRESS,
    }
    title = opened.asked.report.name if opened.asked.report else gettext("Behind the number")
    return render(request, "reports/custom/behind.html", access.context(request, title, **own))


def _line(listing: Listing, columns: list[Column], one: Any) -> Line:
    cells = [(column, column.shown(one)) for column in columns]
    return Line(person=listing.person(one), opens=listing.opens(one), cells=cells)


def _csv(request: HttpRequest, opened: Opened) -> StreamingHttpResponse:
    if not access.may_export(request):
        raise PermissionDenied
    listing, rows = opened.listing, opened.rows
    record("report.opened", about=opened.asked.report or Report, request=request, count=rows.count())
    heads = [gettext("Person"), gettext("E-mail"), *(column.label for column in listing.columns())]
    lines = csv_lines(listing, listing.fetch(rows).iterator(_FETCHED_AT_ONCE))
    answer = StreamingHttpResponse(written(heads, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="behind-the-number.csv"'
    return answer
