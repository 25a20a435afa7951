"""Segments: saved ones and such as are asked about once; how many match, who, and why.

They speak of people whatever store they buy in, so a key of a store never reaches them.
"""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import PAGING, operation
from config.api.refusals import Refused
from config.api.views import body_object
from config.audit.log import record
from contacts.models import Contact
from integrations.api import documentation, segments
from integrations.api.access import HasSegments
from integrations.api.views.base import StoreView
from subscriptions.models import Segment
from subscriptions.segments import compiler, counting, reading, saved, sentences
from subscriptions.segments.haste import Deadline
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.reach import reachable
from subscriptions.segments.schema import json_schema
from subscriptions.segments.tree import Node
from subscriptions.segments.why import why

_SAVED = {"name": str, "description": str, "segment": dict, "revision": int}
_MOST_DESCRIPTION = 1000
# what there is at least for counting who can be mailed, when counting everybody has taken all the time
_LEAST_SECONDS = 0.2


class SegmentView(StoreView):
    """What all addresses of segments have in common."""

    permission_classes = (HasSegments,)


class SegmentsView(SegmentView):
    """All saved segments."""

    @operation(
        "list_segments",
        "Find segments",
        text="Archived ones too. Needs a key of the account with the scope “segments”, as all addresses of segments.",
        parameters=PAGING,
        answers={200: "SegmentPage"},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of segments."""
        paging.only(request, ("limit", "cursor"))
        found = paging.page(Segment.objects.all(), request)
        return Response({"results": segments.told(found.rows), "next": found.next})

    @operation(
        "create_segment",
        "Save a segment",
        request="SegmentToSave",
        answers={201: "Segment"},
        problems=(400, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Save a new segment."""
        paging.only(request, ())
        told = _to_save(request)
        with transaction.atomic():
            made = _kept(lambda: saved.create(told["segment"], name=told["name"], description=told["description"]))
            record("added", about=made, request=request._request)
        return Response(segments.segment(made), status=HTTPStatus.CREATED)


class OneSegmentView(SegmentView):
    """One saved segment."""

    @operation(
        "get_segment",
        "Read a segment",
        parameters=(documentation.SEGMENT_ID,),
        answers={200: "Segment"},
        problems=(400, 404),
    )
    def get(self, request: Request, segment_id: int) -> Response:
        """Answer with the segment."""
        paging.only(request, ())
        return Response(segments.segment(_one(segment_id)))

    @operation(
        "change_segment",
        "Change a segment",
        text="Other conditions make a new version, of which the earlier ones are kept; any change a new revision.",
        parameters=(documentation.SEGMENT_ID,),
        request="SegmentToSave",
        answers={200: "Segment"},
        problems=(400, 404, 409, 413, 415),
    )
    def put(self, request: Request, segment_id: int) -> Response:
        """Save other conditions, or another name."""
        paging.only(request, ())
        known, told = _one(segment_id), _to_save(request)
        words = {name: told[name] for name in ("name", "description")}
        with transaction.atomic():
            changed = _kept(lambda: saved.change(known, told["segment"], seen=told.get("revision"), **words))
            if changed.revision != known.revision:
                record("changed", about=changed, request=request._request)
        return Response(segments.segment(changed))

    @operation(
        "archive_segment",
        "Put a segment away",
        text="It is offered nowhere any more and keeps working where it is used; people delete it for good.",
        parameters=(documentation.SEGMENT_ID,),
        answers={204: None},
        problems=(400, 404),
    )
    def delete(self, request: Request, segment_id: int) -> Response:
        """Archive the segment; a second time changes nothing."""
        paging.only(request, ())
        known = _one(segment_id)
        with transaction.atomic():
            if saved.archive(known):
                record("segment.archived", about=known, request=request._request)
        return Response(status=HTTPStatus.NO_CONTENT)


class SegmentCountView(SegmentView):
    """How many people a saved segment has."""

    @operation(
        "count_segment",
        "Count the people of a segment",
        parameters=(documentation.SEGMENT_ID,),
        answers={200: "SegmentCount"},
        problems=(400, 404, 409),
    )
    def get(self, request: Request, segment_id: int) -> Response:
        """Answer with the number."""
        paging.only(request, ())
        return Response(_count(_tree(_one(segment_id))))


class SegmentPeopleView(SegmentView):
    """Who is in a saved segment."""

    @operation(
        "list_segment_people",
        "List the people of a segment",
        parameters=(documentation.SEGMENT_ID, *PAGING),
        answers={200: "PersonPage"},
        problems=(400, 404, 409),
    )
    def get(self, request: Request, segment_id: int) -> Response:
        """Answer with a page of people."""
        paging.only(request, ("limit", "cursor"))
        return Response(_people(request, _tree(_one(segment_id))))


class SegmentMatchView(SegmentView):
    """Whether one person is in a saved segment, and why."""

    @operation(
        "match_segment",
        "Say whether a person is in a segment, and why",
        parameters=(documentation.SEGMENT_ID, documentation.CONTACT_ID),
        answers={200: "SegmentMatch"},
        problems=(400, 404, 409),
    )
    def get(self, request: Request, segment_id: int, contact_id: int) -> Response:
        """Answer with each condition's truth and what it saw."""
        paging.only(request, ())
        return Response(_match(_tree(_one(segment_id)), contact_id))


class AskedCountView(SegmentView):
    """How many people a segment has that is not saved."""

    @operation(
        "count_people",
        "Count people",
        request="SegmentQuestion",
        answers={200: "SegmentCount"},
        problems=(400, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Answer with the number."""
        paging.only(request, ())
        return Response(_count(_asked(request)))


class AskedPeopleView(SegmentView):
    """Who is in a segment that is not saved."""

    @operation(
        "find_people",
        "Find people",
        text="The cursor goes into the address, and the same segment into the body again.",
        parameters=PAGING,
        request="SegmentQuestion",
        answers={200: "PersonPage"},
        problems=(400, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Answer with a page of people."""
        paging.only(request, ("limit", "cursor"))
        return Response(_people(request, _asked(request)))


class AskedMatchView(SegmentView):
    """Whether one person is in a segment that is not saved, and why."""

    @operation(
        "match_person",
        "Say whether a person matches, and why",
        parameters=(documentation.CONTACT_ID,),
        request="SegmentQuestion",
        answers={200: "SegmentMatch"},
        problems=(400, 404, 413, 415),
    )
    def post(self, request: Request, contact_id: int) -> Response:
        """Answer with each condition's truth and what it saw."""
        paging.only(request, ())
        return Response(_match(_asked(request), contact_id))


class SegmentSchemaView(SegmentView):
    """The language of segments."""

    @operation(
        "get_segment_schema",
        "Read the language of segments",
        text="JSON Schema of what `segment` is everywhere.",
        answers={200: "JsonSchema"},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        """Answer with the schema."""
        paging.only(request, ())
        return Response(json_schema())


def _one(segment_id: int) -> Segment:
    found = Segment.objects.filter(pk=segment_id).first() if segment_id < 2**63 else None
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such segment.")
    return found


def _tree(segment: Segment) -> Node:
    """Read a saved segment; one that speaks of what is gone since cannot be asked until somebody mends it."""
    try:
        return saved.tree_of(segment)
    except SegmentError as error:
        detail = "This segment speaks of something that does not exist any more."
        raise Refused(HTTPStatus.CONFLICT, detail, error.errors) from None


def _asked(request: Request) -> Node:
    told = body_object(request, {"segment": dict})
    if "segment" not in told:
        raise Refused(HTTPStatus.BAD_REQUEST, "The body names no segment.", {"segment": "is missing"})
    try:
        return reading.read(told["segment"])
    except SegmentError as error:
        raise _unreadable(error) from None


def _count(node: Node) -> dict[str, Any]:
    end = Deadline(counting.SECONDS)
    found = counting.count(node)
    reached = counting.count(reachable(node), seconds=max(end.left, _LEAST_SECONDS))
    return {
        **segments.count(found),
        "can_be_mailed": segments.count(reached),
        "sentence": sentences.sentence(node),
    }


def _people(request: Request, node: Node) -> dict[str, Any]:
    found = paging.page(compiler.people(node), request)
    return {"results": [segments.person(row) for row in found.rows], "next": found.next}


def _match(node: Node, contact_id: int) -> dict[str, Any]:
    contact = Contact.objects.filter(pk=contact_id).first() if contact_id < 2**63 else None
    if contact is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such contact.")
    told = why(node, contact)
    return {"matches": told.holds, "sentence": sentences.sentence(node), "why": segments.answer(told)}


def _to_save(request: Request) -> dict[str, Any]:
    told = {"description": ""} | body_object(request, _SAVED)
    errors = {name: "is missing" for name in ("name", "segment") if name not in told}
    errors |= _too_long(told, "name", saved.NAME_LENGTH) | _too_long(told, "description", _MOST_DESCRIPTION)
    if not errors and not told["name"].strip():
        errors["name"] = "must not be blank"
    if errors:
        raise Refused(HTTPStatus.BAD_REQUEST, "The segment cannot be saved.", errors)
    return told


def _too_long(told: dict[str, Any], name: str, most: int) -> dict[str, str]:
    text = told.get(name, "")
    if len(text) > most:
        return {name: f"is longer than {most} characters"}
    return {} if text.isprintable() or name == "description" else {name: "contains a control character"}


def _kept(save: Any) -> Segment:
    try:
        kept: Segment = save()
    except SegmentError as error:
        raise _unreadable(error) from None
    except saved.NameTaken:
        raise Refused(HTTPStatus.CONFLICT, "There is a segment of this name.", {"name": "is taken"}) from None
    except saved.Stale:
        detail = "Somebody has changed the segment since."
        raise Refused(HTTPStatus.CONFLICT, detail, {"revision": "is not the newest"}) from None
    return kept


def _unreadable(error: SegmentError) -> Refused:
    errors = {f"segment.{path}" if path else "segment": words for path, words in error.errors.items()}
    return Refused(HTTPStatus.BAD_REQUEST, "The segment cannot be read.", errors)
