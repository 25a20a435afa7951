"""Why is somebody in a segment, or not: choosing a contact, and each condition's answer with what it saw."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.seeking import typed
from contacts import searching
from contacts.models import Contact
from subscriptions.models import Segment
from subscriptions.segment_pages import access, words
from subscriptions.segment_pages.asking import pretty
from subscriptions.segments import reading
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.subjects import SEGMENT
from subscriptions.segments.why import Answer, why

MOST = 8
_JOINTS = {"all": _("all of these"), "any": _("any of these"), "not": _("not this")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the answer: whether it holds, its words, what it saw, and the lines below it."""

    holds: bool
    words: str
    saw: str = ""
    is_condition: bool = False
    is_payment: bool = False
    parts: tuple["Line", ...] = ()


@access.may("view")
@require_safe
def saved_why(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Answer on a page of its own, of a saved segment: `q` searches, `contact` chooses."""
    segment = get_object_or_404(Segment, pk=segment_id)
    told = _answer(request, request.GET, pretty(segment.tree))
    own = {"segment": segment, "sentence": words.said(segment.tree), **told}
    context = access.context(request, gettext("Why is somebody in “%(name)s”?") % {"name": segment.name}, **own)
    return render(request, "subscriptions/segments/why.html", context)


@access.may("view")
@require_POST
def typed_why(request: HttpRequest) -> HttpResponse:
    """Answer with a part of a page, of a segment as it is being built: `tree` is its JSON."""
    told = _answer(request, request.POST, request.POST.get("tree", ""))
    return render(request, "subscriptions/segments/_why.html", told)


def _answer(request: HttpRequest, asked: Any, tree: str) -> dict[str, Any]:
    if not access.person(request).has_perm("contacts.view_contact"):
        return {"refused": True}
    q = typed(asked)
    found = list(searching.people(q)[: MOST + 1]) if q else []
    told = {"q": q, "found": found[:MOST], "more": len(found) > MOST}
    number = asked.get("contact", "")
    contact = Contact.objects.filter(pk=number).first() if _is_id(number) else None
    return told | (_told(tree, contact) if contact else {})


def _told(tree: str, contact: Contact) -> dict[str, Any]:
    try:
        answer = why(reading.read_text(tree), contact)
    except SegmentError as error:
        return {"contact": contact, "wrong": "; ".join(error.errors.values())}
    return {"contact": contact, "holds": answer.holds, "lines": [line(answer)]}


def line(answer: Answer) -> Line:
    """Write an answer and those inside it; each payment that a frame looked at has its own heading."""
    joint, is_frame = _JOINTS.get(answer.kind), answer.kind == "recurring_payment"
    is_condition = not joint and not is_frame and answer.kind != SEGMENT
    return Line(
        holds=answer.holds,
        words=str(joint or answer.words),
        saw=answer.saw if is_condition else "",
        is_condition=is_condition,
        parts=tuple(_of_payment(part) if is_frame else line(part) for part in answer.parts),
    )


def _of_payment(answer: Answer) -> Line:
    return Line(holds=answer.holds, words=str(answer.about), is_payment=True, parts=(line(answer),))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
