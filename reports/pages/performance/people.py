"""The people behind a number of these reports: exactly the rows that it counts, to search, to page and to take home."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from automations.models import Automation, Campaign
from config.access import person
from config.seeking import contains, typed
from contacts.models import Contact
from reports.pages import access
from reports.pages.performance import measures, shell
from reports.pages.performance.filters import Filters
from reports.performance import keeping
from reports.performance.people import SOURCES, Source, known_count
from reports.performance.scope import Scope
from subscriptions import display

PER_PAGE = 50
_FETCHED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: who, of what, and when; `url` leads to the e-mail, the way or the payment."""

    contact: Contact
    what: str
    where: str
    when: datetime | None
    url: str


def _of_message(row: Any) -> Row:
    sender = row.enrolment.automation if row.enrolment else None
    return Row(
        contact=row.contact,
        what=row.subject or str(row.campaign),
        where=str(sender or row.campaign),
        when=row.sent_at,
        url=reverse("campaign_message", args=[row.pk]),
    )


def _of_engagement(row: Any) -> Row:
    told = _of_message(row.message)
    what = f"{told.what} · {row.target}" if row.target else told.what
    return Row(contact=told.contact, what=what, where=told.where, when=row.at, url=told.url)


def _of_way(row: Any) -> Row:
    return Row(
        contact=row.contact,
        what=row.get_state_display(),
        where=str(row.automation),
        when=row.ended_at or row.entered_at,
        url=reverse("automation_path", args=[row.automation_id, row.pk]),
    )


def _of_passage(row: Any) -> Row:
    told = _of_way(row.enrolment)
    return Row(contact=told.contact, what=told.what, where=told.where, when=row.left_at, url=told.url)


def _of_episode(row: Any) -> Row:
    return Row(
        contact=row.contact,
        what=str(row.payment),
        where=measures.amount(row.amount, row.currency),
        when=row.until,
        url=reverse("payment_panel", args=[row.payment_id]),
    )


_READ: dict[str, Callable[[Any], Row]] = {
    "message": _of_message,
    "engagement": _of_engagement,
    "way": _of_way,
    "passage": _of_passage,
    "episode": _of_episode,
}
# what the columns are called beside the person, by what a number counts
_HEADS: dict[str, Callable[[], tuple[str, str, str]]] = {
    "message": lambda: (_("E-mail"), _("Sent by"), _("Sent")),
    "engagement": lambda: (_("E-mail"), _("Sent by"), _("When")),
    "way": lambda: (_("State"), _("Automation"), _("When")),
    "passage": lambda: (_("State"), _("Automation"), _("When")),
    "episode": lambda: (_("Recurring payment"), _("Worth a month"), _("Paid again")),
}


@access.may("view")
@require_safe
def of_automations(request: HttpRequest) -> HttpResponse:
    """Show the people behind a number of automations."""
    return _shown(request, "automation")


@access.may("view")
@require_safe
def of_campaigns(request: HttpRequest) -> HttpResponse:
    """Show the people behind a number of campaigns."""
    return _shown(request, "campaign")


@access.may("view")
@require_safe
def export_of_automations(request: HttpRequest) -> HttpResponseBase:
    """Give the people behind a number of automations as a CSV."""
    return _exported(request, "automation")


@access.may("view")
@require_safe
def export_of_campaigns(request: HttpRequest) -> HttpResponseBase:
    """Give the people behind a number of campaigns as a CSV."""
    return _exported(request, "campaign")


def _shown(request: HttpRequest, of: str) -> HttpResponse:
    if not person(request).has_perm("contacts.view_contact"):
        raise PermissionDenied
    asked, name = shell.asked(request), request.GET.get("number", "")
    source = _source(name)
    step, q = request.GET.get("step", "")[:16], typed(request.GET)
    scope = _scope(asked, of)
    query = asked.query(number=name, step=step, q=q)

    def ask() -> dict[str, Any]:
        known = None if q else _known(name, scope, asked, step if source.by_step else "")
        rows = _Known(_rows(scope, asked, source, step, q), PER_PAGE, known=known)
        page = rows.get_page(request.GET.get("page"))
        return {"page": page, "rows": [_READ[source.kind](row) for row in page.object_list]}

    own = {
        **shell.answered(scope, ask),
        "label": measures.WORDS[name],
        "about": _about(asked),
        "q": q,
        "query": query,
        "hidden": parse_qsl(asked.query(number=name, step=step)),
        "heads": _HEADS[source.kind](),
        "everybody": "?" + asked.query(number=name, step=step),
        "back": f"{shell.address(f'{of}s')}?{asked.query()}",
        "tab": f"{of}s",
        "export": f"{shell.address(f'{of}_people_export')}?{query}",
        "may_export": person(request).has_perm("contacts.export_contact"),
    }
    return shell.shown(request, "people", str(measures.WORDS[name]), asked, **own)


def _known(name: str, scope: Scope, asked: Filters, step: str) -> int | None:
    """Return how many rows there are where that is kept and fresh."""
    return known_count(name, scope, asked.period, step or None) if keeping.standing().is_fresh else None


def _exported(request: HttpRequest, of: str) -> HttpResponseBase:
    if not person(request).has_perm("contacts.export_contact"):
        raise PermissionDenied
    asked, name = shell.asked(request), request.GET.get("number", "")
    source = _source(name)
    step, q = request.GET.get("step", "")[:16], typed(request.GET)
    rows = _rows(_scope(asked, of), asked, source, step, q)
    columns = [_("Person"), _("E-mail address"), *_HEADS[source.kind]()]
    return shell.as_csv(request, name, columns, _lines(rows, source), about=Contact, count=rows.count())


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise Http404
    return SOURCES[name]


def _scope(asked: Filters, of: str) -> Scope:
    scope = asked.of_automations() if of == "automation" else asked.of_campaigns()
    if shell.problem_of(scope):
        raise Http404
    return scope


class _Known(Paginator):  # type: ignore[type-arg]
    """Pages of rows of which it may be known how many there are, so that nobody has to count millions of them."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, known: int | None) -> None:
        super().__init__(rows, per_page)
        if known is not None:
            self.count = known


def _rows(scope: Scope, asked: Filters, source: Source, step: str, q: str) -> QuerySet[Any]:
    rows = source.rows(scope, asked.period, step if step and source.by_step else None)
    names = (f"{source.contact}__{name}" for name in ("first_name", "last_name", "email"))
    return rows.filter(contains(q, *names)) if q else rows


def _lines(rows: QuerySet[Any], source: Source) -> Iterator[list[Any]]:
    for row in rows.iterator(_FETCHED_AT_ONCE):
        told = _READ[source.kind](row)
        when = display.local(told.when).isoformat(sep=" ", timespec="seconds") if told.when else ""
        email = told.contact.email if told.contact else ""
        yield [told.contact or "", email, told.what, told.where, when]


def _about(asked: Filters) -> list[str]:
    """Say of which automation and campaign it is."""
    named = ((Automation, asked.automation), (Campaign, asked.campaign))
    found = (model._default_manager.filter(pk=number).first() for model, number in named if number)
    return [str(one) for one in found if one]
