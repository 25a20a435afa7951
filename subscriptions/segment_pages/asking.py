"""What the builder asks while somebody works: who matches, and which values the data has."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contacts.models import Contact
from subscriptions.segment_pages import access, words
from subscriptions.segments import counting, reading, sentences, suggestions
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.reach import reachable
from subscriptions.segments.spans import spans

FIRST = 5


@access.may("view")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Say who matches the segment that is posted as JSON: sentence, count and first people, or errors by path."""
    try:
        node = reading.read_text(request.body)
    except SegmentError as error:
        return JsonResponse({"errors": error.errors}, status=422)
    found = counting.count(node)
    people = counting.first(node, limit=FIRST) if found.people and _may_see_people(request) else []
    return JsonResponse(
        {
            "sentence": sentences.sentence(node),
            "spans": spans(node),
            "count": found.people,
            "is_estimate": found.is_estimate,
            "words": words.counted(found),
            "people": [_shown(one) for one in people],
        }
    )


@access.may("view")
@require_POST
def reach(request: HttpRequest) -> HttpResponse:
    """Say how many of those who match the segment that is posted can be mailed; nothing where there is no time."""
    try:
        node = reading.read_text(request.body)
    except SegmentError as error:
        return JsonResponse({"errors": error.errors}, status=422)
    found = counting.count(reachable(node))
    return JsonResponse({"count": found.people if found.is_known else None, "words": words.reached(found)})


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
