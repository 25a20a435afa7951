"""The customers and payments behind a number, each list by the very condition by which the number was counted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.audit.log import record
from contacts.models import Contact
from reports import periods
from reports.business import mrr, revenue, sets
from reports.models import Episode, Movement
from reports.pages import access, parts, words
from reports.pages.business import frame
from reports.pages.parts import Head
from subscriptions import display, field_order
from subscriptions.catalogue import BY_NAME, WIDGET_SIZE
from subscriptions.models import RecurringPayment

PER_PAGE = 50
_FETCHED_AT_ONCE = 1000
_BEGAN = "began"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: whose it is, the payment where it has one, and its cells in words and as a file gets them."""

    contact: Contact | None
    payment: RecurringPayment | None
    cells: Sequence[Any]
    plain: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is listed: rows of the database, and how each becomes a line; `back` names the report that counts it.

    One that `has_payment` names the payment in a column of its own.
    """

    name: str
    title: str
    meaning: Any
    back: str
    rows: "QuerySet[Any]"
    heads: Sequence[Head]
    line: Callable[[Any], Line]
    has_payment: bool = True


@access.payments.may("view")
@require_safe
def payments(request: HttpRequest, name: str) -> HttpResponseBase:
    """List the payments of a set that a number of today counts, with the first five fields of Manage data."""
    if name not in sets.SETS:
        raise Http404
    fields = [BY_NAME[one] for one in field_order.current().names[:WIDGET_SIZE]]
    rows = sets.payments(name).with_fields(fields).select_related("store", "contact").order_by("pk")
    return _show(
        request,
        Listing(
            name=name,
            title=str(sets.SETS[name].title),
            meaning=sets.SETS[name].meaning,
            back="report_ahead" if name.rpartition("_")[2].isdecimal() else "report_states",
            rows=rows,
            heads=[Head(words=field.label, is_number=field.kind.numeric) for field in fields],
            line=lambda row: _payment(row, [display.cell(field, row) for field in fields]),
            has_payment=BY_NAME["name"] not in fields,
        ),
    )


@access.payments.may("view")
@require_safe
def times(request: HttpRequest) -> HttpResponseBase:
    """List the times of payments that a number counts: `kind` at the end of a `month`, or that began or ended in it."""
    kind, span, outcome = request.GET.get("kind", ""), _span(request), request.GET.get("outcome", "")
    if kind not in Episode.Kind or span is None or outcome not in {"", _BEGAN, *Episode.Outcome}:
        raise Http404
    rows = Episode.objects.filter(_of_time(span, outcome), kind=kind)
    is_trouble = kind == Episode.Kind.FAILED and outcome
    return _show(
        request,
        Listing(
            name=f"{kind}-{outcome or 'end'}-{span.start}",
            title=_time_title(kind, outcome, span),
            meaning="",
            back="report_at_risk" if is_trouble else "report_states",
            rows=rows.select_related("contact", "payment").order_by("since", "pk"),
            heads=[
                Head(words=_("Since"), is_number=False),
                Head(words=_("Until"), is_number=False),
                Head(words=_("What came after"), is_number=False),
                Head(words=_("A month")),
            ],
            line=_time,
        ),
    )


@access.payments.may("view")
@require_safe
def movements(request: HttpRequest) -> HttpResponseBase:
    """List the movements of revenue of one `kind`, in a `month` or a `day`, or of those who began in a `cohort`."""
    kind, span, cohort = request.GET.get("kind", ""), _span(request), _month(request, "cohort")
    if kind not in Movement.Kind or (span is None) == (cohort is None):
        raise Http404
    when = Q(day__gte=span.start, day__lt=span.end) if span else Q(cohort=cohort)
    told = revenue.money(request.GET.get("currency", ""), revenue.in_use())
    rows = Movement.objects.filter(when, kind=kind, currency__in=told.rates)
    shown = span or _of_month(cohort or periods.today())
    return _show(
        request,
        Listing(
            name=f"{kind}-{shown.start}",
            title=f"{Movement.Kind(kind).label}, {_named(shown)}",
            meaning="",
            back="report_revenue" if span else "report_retention",
            rows=rows.select_related("contact", "payment").order_by("day", "pk"),
            heads=[Head(words=_("Day"), is_number=False), Head(words=_("A month"))],
            line=_movement,
        ),
    )


def _show(request: HttpRequest, listing: Listing) -> HttpResponseBase:
    may_export = access.payments.is_allowed(request, "export")
    if "csv" in request.GET:
        if not may_export:
            raise PermissionDenied
        record("exported", about=RecurringPayment, request=request, count=listing.rows.count())
        heads = [
            gettext("Contact"),
            gettext("E-mail"),
            gettext("Recurring payment"),
            *(one.words for one in listing.heads),
        ]
        return parts.as_csv(listing.name, heads, _file(listing))
    page = Paginator(listing.rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    own = {
        "listing": listing,
        "page": page,
        "lines": [
            (line, list(zip(listing.heads, line.cells, strict=True))) for line in map(listing.line, page.object_list)
        ],
        "may_export": may_export,
        "query": query.urlencode(),
        "tabs": frame.TABS,
        "tab": "",
    }
    return render(request, "reports/business/list.html", access.payments.context(request, listing.title, **own))


def _file(listing: Listing) -> Iterable[list[Any]]:
    for row in listing.rows.iterator(_FETCHED_AT_ONCE):
        line = listing.line(row)
        who, email = (line.contact.full_name, line.contact.email) if line.contact else ("", "")
        yield [who, email, str(line.payment or ""), *line.plain]


def _payment(row: RecurringPayment, cells: Sequence[display.Cell]) -> Line:
    return Line(contact=row.contact, payment=row, cells=cells, plain=[cell.text for cell in cells])


def _time(row: Episode) -> Line:
    until = display.exact(row.until) if row.until else "–"
    amount = Decimal(row.amount) / mrr.PARTS
    return Line(
        contact=row.contact,
        payment=row.payment,
        cells=[
            display.exact(row.since),
            until,
            row.get_outcome_display(),
            words.money(amount, row.currency),
        ],
        plain=[
            row.since.isoformat(),
            row.until.isoformat() if row.until else "",
            row.get_outcome_display(),
            f"{amount} {row.currency}",
        ],
    )


def _movement(row: Movement) -> Line:
    amount = Decimal(row.amount) / mrr.PARTS
    return Line(
        contact=row.contact,
        payment=row.payment,
        cells=[words.day(row.day), words.money(amount, row.currency)],
        plain=[row.day.isoformat(), f"{amount} {row.currency}"],
    )


def _of_time(span: periods.Period, outcome: str) -> Q:
    begin, end = span.bounds()
    if outcome == _BEGAN:
        return Q(since__gte=begin, since__lt=end)
    if outcome:
        return Q(until__gte=begin, until__lt=end, outcome=outcome)
    return Q(since__lt=end) & (Q(until=None) | Q(until__gte=end))


def _time_title(kind: str, outcome: str, span: periods.Period) -> str:
    told = {"kind": Episode.Kind(kind).label, "when": _named(span)}
    if outcome == _BEGAN:
        return gettext("%(kind)s: began in %(when)s") % told
    if outcome:
        return gettext("%(kind)s, over in %(when)s: %(outcome)s") % (told | {"outcome": Episode.Outcome(outcome).label})
    return gettext("%(kind)s at the end of %(when)s") % told


def _named(span: periods.Period) -> str:
    return words.month(span.start) if span.calendar else words.day(span.start)


def _span(request: HttpRequest) -> periods.Period | None:
    """Read the `month` or the `day` that is asked for."""
    if month := _month(request, "month"):
        return _of_month(month)
    try:
        day = date.fromisoformat(request.GET["day"])
        return periods.Period(start=day, end=day + timedelta(days=1))
    except (KeyError, ValueError, OverflowError):
        return None


def _of_month(month: date) -> periods.Period:
    return periods.Period(start=month, end=periods.months_on(month, 1), calendar=1)


def _month(request: HttpRequest, name: str) -> date | None:
    try:
        month = date.fromisoformat(f"{request.GET[name]}-01")
    except (KeyError, ValueError):
        return None
    return month if month.year in range(1900, 9000) else None
