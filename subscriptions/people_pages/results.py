"""The people whom a segment finds: a page of them with the widget's fields of the payment that is meant."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from contacts.models import Contact, ContactList, Tag
from subscriptions import display, field_order
from subscriptions.availability import is_available
from subscriptions.catalogue import BY_NAME, WIDGET_SIZE, Field
from subscriptions.display import Cell
from subscriptions.models import PeopleAction, RecurringPayment
from subscriptions.people_pages import asked
from subscriptions.people_pages.asked import Asked
from subscriptions.segment_pages import words
from subscriptions.segments import compiler, counting, sentences
from subscriptions.segments.flattening import flat
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.reach import reachable
from subscriptions.segments.tree import Group, Joint, Node, Payments, Scope

PER_PAGE = 50
# How long somebody who waits for a page waits for what is good to know, in seconds.
_FOR_REACH = 1.0
_MOST_PAGES = 100_000
_MAY_HAVE_NONE = frozenset({Scope.NONE, Scope.AT_MOST})
# how many tags are suggested while one is typed
_MOST_TAGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person, and the cells of the payment for which they are here; None where they have none."""

    person: Contact
    cells: list[Cell] | None


@permission_required("contacts.view_contact", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """Show a page of people; what was posted and fits into an address is shown under that address."""
    try:
        found = asked.of(request)
    except SegmentError as error:
        return _page(request, errors=error.errors, status=422)
    if request.method == "POST" and found.query and "page" not in request.POST:
        return redirect(f"{reverse('people')}?{found.query}")
    return _page(request, **_found(request, found))


def _found(request: HttpRequest, found: Asked) -> dict[str, Any]:
    number = _number(request)
    people = counting.some(found.node, start=(number - 1) * PER_PAGE, limit=PER_PAGE + 1)
    fields = [BY_NAME[name] for name in field_order.current().names[:WIDGET_SIZE]] if is_available() else []
    count = counting.count(found.node)
    return {
        "asked": found,
        "sentence": sentences.sentence(found.node),
        "count": count,
        "counted": words.counted(count),
        "reached": words.reached(counting.count(reachable(found.node), seconds=_FOR_REACH)) if count.number else "",
        "columns": fields,
        "rows": _rows(people[:PER_PAGE], fields, found.node),
        "number": number,
        "may_build": request.user.has_perm("subscriptions.add_segment"),
        "has_next": len(people) > PER_PAGE,
        **offered(request),
    }


def offered(request: HttpRequest) -> dict[str, Any]:
    """List what somebody may do to all people of a segment, and with which tags and lists."""
    may_change, may_export = may(request, PeopleAction.Kind.TAG), may(request, PeopleAction.Kind.EXPORT)
    return {
        "may_change": may_change,
        "may_export": may_export,
        "tags": Tag.objects.values_list("name", flat=True)[:_MOST_TAGS] if may_change else (),
        "lists": ContactList.objects.all() if may_change else (),
    }


def may(request: HttpRequest, kind: str) -> bool:
    """Say whether somebody may do this to people."""
    permission = "export_contact" if kind == PeopleAction.Kind.EXPORT else "change_contact"
    return request.user.has_perm(f"contacts.{permission}")


def _rows(people: list[Contact], fields: list[Field], node: Node) -> list[Row]:
    shown = _shown_payments(people, fields, node) if fields else {}
    return [
        Row(
            person=person,
            cells=[display.cell(field, shown[person.pk]) for field in fields] if person.pk in shown else None,
        )
        for person in people
    ]


def _shown_payments(people: list[Contact], fields: list[Field], node: Node) -> dict[int, RecurringPayment]:
    """Return the newest payment of each person that the segment is about, or else their newest."""
    rows = RecurringPayment.objects.filter(contact__in=people).newest_first().with_fields(fields)
    meant = _meant(flat(node))
    found = list(rows) if meant is None else [*rows.filter(compiler.of_payments(meant)), *rows]
    return {row.contact_id: row for row in reversed(found) if row.contact_id}


def _meant(node: Node) -> Node | None:
    """Return what the first frame asks that everybody found here has a payment for; None where there is none."""
    if isinstance(node, Payments):
        return node.part if node.scope not in _MAY_HAVE_NONE else None
    if isinstance(node, Group) and (node.joint is Joint.ALL or len(node.parts) == 1):
        return next((meant for part in node.parts if (meant := _meant(part))), None)
    return None


def _number(request: HttpRequest) -> int:
    told = request.POST if request.method == "POST" else request.GET
    text = told.get("page", "1")
    return min(max(int(text), 1), _MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    shell = admin.site.each_context(request) | {"title": _("Advanced search")}
    return render(request, "subscriptions/people/results.html", shell | context, status=status)
