"""The people whom a segment finds: a page of them with the widget's fields of their newest recurring payment."""

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
from subscriptions.segments import counting, sentences
from subscriptions.segments.reading import SegmentError

PER_PAGE = 50
_MOST_PAGES = 100_000
# how many tags are suggested while one is typed
_MOST_TAGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person, and the cells of their newest recurring payment; None where they have none."""

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
    return {
        "asked": found,
        "sentence": sentences.sentence(found.node),
        "count": counting.count(found.node),
        "columns": [field.label for field in fields],
        "rows": _rows(people[:PER_PAGE], fields),
        "number": number,
        "may_build": request.user.has_perm("subscriptions.add_segment"),
        "has_next": len(people) > PER_PAGE,
        **offered(request),
    }


def offered(request: HttpRequest) -> dict[str, Any]:
    """List what somebody may do to all people of a segment, and with which tags and lists."""
    kinds = [kind for kind in PeopleAction.Kind if may(request, kind)]
    return {
        "kinds": kinds,
        "tags": Tag.objects.values_list("name", flat=True)[:_MOST_TAGS] if kinds else (),
        "lists": ContactList.objects.all() if kinds else (),
    }


def may(request: HttpRequest, kind: str) -> bool:
    """Say whether somebody may do this to people."""
    permission = "export_contact" if kind == PeopleAction.Kind.EXPORT else "change_contact"
    return request.user.has_perm(f"contacts.{permission}")


def _rows(people: list[Contact], fields: list[Field]) -> list[Row]:
    newest = newest_of(people, fields) if fields else {}
    return [
        Row(
            person=person,
            cells=[display.cell(field, newest[person.pk]) for field in fields] if person.pk in newest else None,
        )
        for person in people
    ]


def newest_of(people: list[Contact], fields: list[Field]) -> dict[int, RecurringPayment]:
    """Return each person's newest recurring payment with what these fields need."""
    rows = RecurringPayment.objects.filter(contact__in=people).newest_first().with_fields(fields)
    return {row.contact_id: row for row in reversed(rows) if row.contact_id}


def _number(request: HttpRequest) -> int:
    told = request.POST if request.method == "POST" else request.GET
    text = told.get("page", "1")
    return min(max(int(text), 1), _MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    shell = admin.site.each_context(request) | {"title": _("Advanced search")}
    return render(request, "subscriptions/people/results.html", shell | context, status=status)
