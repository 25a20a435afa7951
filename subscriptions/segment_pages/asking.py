"""What the builder asks while somebody works: who matches, and which values the data has."""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contacts.models import Contact
from subscriptions.segment_pages import access, words
from subscriptions.segments import counting, reading, sentences, suggestions
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.reach import reachable
from subscriptions.segments.spans import spans
from subscriptions.segments.tree import Node

FIRST = 5


@access.may("view")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Say what the conditions mean that are posted as JSON, and who matches them now, or errors by path.

    With `inside_payment` in the address, they begin inside the frame of a recurring payment, and payments are counted;
    with `has_this`, there is a payment that started it all, without which nobody can be counted.
    """
    way = next((name for name in _WAYS if request.GET.get(name) == "1"), "")
    try:
        node = reading.read_text(request.body, **({way: True} if way else {}))
    except SegmentError as error:
        return JsonResponse({"errors": error.errors}, status=422)
    return JsonResponse({"spans": spans(node)} | _WAYS.get(way, _of_people)(request, node))


def _of_people(request: HttpRequest, node: Node) -> dict[str, object]:
    found = counting.count(node)
    people = counting.first(node, limit=FIRST) if found.number and _may_see_people(request) else []
    said = {"sentence": sentences.sentence(node), "words": words.counted(found)}
    return said | _counted(found) | {"people": [_shown(one) for one in people]}


def _of_payments(_request: HttpRequest, node: Node) -> dict[str, object]:
    found = counting.count_payments(node)
    said = {"sentence": sentences.sentence_of_payments(node), "words": words.counted_payments(found)}
    return said | _counted(found)


def _with_this(_request: HttpRequest, node: Node) -> dict[str, object]:
    return {"sentence": sentences.sentence(node)}


def _counted(found: counting.Count) -> dict[str, object]:
    return {"count": found.number, "is_estimate": found.is_estimate}


# how conditions are read, by what the address says of them
_WAYS: dict[str, Callable[[HttpRequest, Node], dict[str, object]]] = {
    "inside_payment": _of_payments,
    "has_this": _with_this,
}


@access.may("view")
@require_POST
def reach(request: HttpRequest) -> HttpResponse:
    """Say how many of those who match the segment that is posted can be mailed; nothing where there is no time."""
    try:
        node = reading.read_text(request.body)
    except SegmentError as error:
        return JsonResponse({"errors": error.errors}, status=422)
    found = counting.count(reachable(node))
    return JsonResponse({"count": found.number if found.is_known else None, "words": words.reached(found)})


@access.may("view")
@require_safe
def values(request: HttpRequest) -> HttpResponse:
    """Suggest values of a subject, named by `key` and `name`, that contain `q`."""
    subject = suggestions.find(request.GET.get("key", ""), request.GET.get("name", ""))
    q = request.GET.get("q", "").replace("\0", "")[: suggestions.LONGEST]
    if subject is None or not _may_see_people(request):
        return JsonResponse({"values": []})
    return JsonResponse({"values": suggestions.values(subject, q)})


def pretty(tree: object) -> str:
    """Write a tree as people read JSON."""
    return json.dumps(tree, indent=2, ensure_ascii=False)


def _may_see_people(request: HttpRequest) -> bool:
    return access.person(request).has_perm("contacts.view_contact")


def _shown(contact: Contact) -> dict[str, object]:
    address = reverse("admin:contacts_contact_change", args=[contact.pk])
    return {"id": contact.pk, "name": str(contact), "email": contact.email, "url": address}
