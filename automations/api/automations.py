"""Automations themselves: finding, making, changing, publishing, and what else is done to them."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from automations import publishing
from automations.api import shapes
from automations.api.access import AutomationsApiView
from automations.flow.description import description
from automations.flow.mistakes import FlowError
from automations.models import Automation, Enrolment
from config.api import paging, reading_json
from config.api.documentation import PAGING, number_in_path, operation
from config.api.refusals import Refused
from config.api.views import body_object
from config.audit.log import record

_MADE: dict[str, type] = {"name": str, "description": str, "flow": dict}
_LONGEST = {"name": 200, "description": 1000}
ID = number_in_path("automation_id")
_STATES = [*Automation.State.values]


def find(automation_id: int) -> Automation:
    """Return an automation; raise Refused where there is none."""
    found = Automation.objects.filter(pk=automation_id).first() if automation_id < 2**63 else None
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such automation.")
    return found


class AutomationsView(AutomationsApiView):
    """All automations."""

    @operation(
        "list_automations",
        "Find automations",
        text="Needs a key of the account with the scope “automations”, as all addresses of automations.",
        parameters=(
            *PAGING,
            OpenApiParameter("state", {"type": "string", "enum": _STATES}),
            OpenApiParameter("q", str, description="What the name or the description contains."),
        ),
        answers={200: "AutomationPage"},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of automations."""
        paging.only(request, ("limit", "cursor", "state", "q"))
        state, q = request.query_params.get("state", ""), request.query_params.get("q", "").replace("\0", "")
        if state and state not in _STATES:
            raise paging.refused("state", "is no state of automations")
        inside = Count("enrolments", filter=Q(enrolments__state__in=Enrolment.INSIDE))
        rows = Automation.objects.filter(**{"state": state} if state else {})
        rows = rows.filter(Q(name__icontains=q) | Q(description__icontains=q)).annotate(inside=inside)
        found = paging.page(rows, request)
        return Response({"results": [shapes.listed(row, row.inside) for row in found.rows], "next": found.next})

    @operation(
        "create_automation",
        "Make an automation",
        text="It is a draft: nobody enters before it is published. Its flow may be incomplete.",
        request="AutomationToMake",
        answers={201: "Automation"},
        problems=(400, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Save a new draft."""
        paging.only(request, ())
        told = _told(request, _MADE, needed=("name",))
        with transaction.atomic():
            made = _kept(
                lambda: publishing.create(
                    name=told["name"], description=told.get("description", ""), draft=told.get("flow")
                )
            )
            record("added", about=made, request=request._request)
        return Response(shapes.automation(made), status=HTTPStatus.CREATED)


class AutomationView(AutomationsApiView):
    """One automation."""

    @operation(
        "get_automation", "Read an automation", parameters=(ID,), answers={200: "Automation"}, problems=(400, 404)
    )
    def get(self, request: Request, automation_id: int) -> Response:
        """Answer with the automation."""
        paging.only(request, ())
        return Response(shapes.automation(find(automation_id)))

    @operation(
        "change_automation",
        "Change an automation’s draft",
        text="People go by what was published until the draft is published. What is left out stays as it is.",
        parameters=(ID,),
        request="AutomationToChange",
        answers={200: "Automation"},
        problems=(400, 404, 409, 413, 415),
    )
    def put(self, request: Request, automation_id: int) -> Response:
        """Save the draft, the name or the description."""
        paging.only(request, ())
        known, told = find(automation_id), _told(request, _MADE | {"revision": int})
        given = {name: told[name] for name in ("name", "description") if name in told}
        with transaction.atomic():
            changed = _kept(lambda: publishing.save(known, draft=told.get("flow"), seen=told.get("revision"), **given))
            if (changed.revision, changed.name, changed.description) != (known.revision, known.name, known.description):
                record("changed", about=changed, request=request._request)
        return Response(shapes.automation(changed))

    @operation(
        "delete_automation",
        "Delete an automation",
        text="Only a draft that was never published, or one in the archive; with all that is on record of it.",
        parameters=(ID,),
        answers={204: None},
        problems=(400, 404, 409),
    )
    def delete(self, request: Request, automation_id: int) -> Response:
        """Delete it for good."""
        paging.only(request, ())
        known = find(automation_id)
        try:
            with transaction.atomic():
                record("deleted", about=known, request=request._request)
                publishing.delete(known)
        except publishing.InUse as used:
            raise Refused(HTTPStatus.CONFLICT, str(used)) from None
        return Response(status=HTTPStatus.NO_CONTENT)


class PublishView(AutomationsApiView):
    """Publishing the draft."""

    @operation(
        "publish_automation",
        "Publish the draft",
        text="Who is inside goes on at their step, or at the next one that there still is; `movings` says it before.",
        parameters=(ID,),
        answers={200: "Automation"},
        problems=(400, 404, 422),
    )
    def post(self, request: Request, automation_id: int) -> Response:
        """Publish it."""
        paging.only(request, ())
        known = find(automation_id)
        try:
            with transaction.atomic():
                version = publishing.publish(known)
                record("automation.published", about=known, request=request._request, version=version.number)
        except FlowError as error:
            raise _unpublishable(error) from None
        return Response(shapes.automation(find(automation_id)))


class MovingsView(AutomationsApiView):
    """What would become of the people inside."""

    @operation(
        "get_automation_movings",
        "Say what would become of whom if the draft were published",
        parameters=(ID,),
        answers={200: "AutomationMovings"},
        problems=(400, 404, 422),
    )
    def get(self, request: Request, automation_id: int) -> Response:
        """Answer with where people are and where they would go on; nowhere is the end."""
        paging.only(request, ())
        try:
            return Response({"movings": [_moving(one) for one in publishing.movings(find(automation_id))]})
        except FlowError as error:
            raise _unpublishable(error) from None


def _unpublishable(error: FlowError) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "The draft cannot be published.", _below(error))


def _moving(one: publishing.Moving) -> dict[str, Any]:
    return {"from": one.step, "to": one.to, "people": one.people}


class SchemaView(AutomationsApiView):
    """The language of flows."""

    @operation(
        "get_automation_schema",
        "Read what flows are made of",
        text="Kinds of triggers and steps, their options with forms and limits, and what can be named by number.",
        answers={200: "AutomationSchema"},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        """Answer with the description."""
        paging.only(request, ())
        return Response(description(Automation(draft={})))


def act(name: str, summary: str, do: Callable[[Automation], bool], action: str) -> type[AutomationsApiView]:
    """Make the address of an act without a body; a second time changes nothing."""

    class ActView(AutomationsApiView):
        @operation(name, summary, parameters=(ID,), answers={200: "Automation"}, problems=(400, 404))
        def post(self, request: Request, automation_id: int) -> Response:
            paging.only(request, ())
            known = find(automation_id)
            with transaction.atomic():
                if do(known):
                    record(action, about=known, request=request._request)
            return Response(shapes.automation(find(automation_id)))

    return ActView


PauseView = act("pause_automation", "Let nobody in, and hold who is inside", publishing.pause, "automation.paused")
ResumeView = act("resume_automation", "Go on", publishing.resume, "automation.resumed")
ArchiveView = act(
    "archive_automation", "Put away; the ways of who is inside end", publishing.archive, "automation.archived"
)
TakeOutView = act("take_out_automation", "Take out of the archive", publishing.take_out, "automation.taken_out")


def _told(request: Request, known: dict[str, type], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    told = body_object(request, known)
    errors = {name: "is missing" for name in needed if name not in told}
    for name, most in _LONGEST.items():
        if len(told.get(name, "")) > most:
            errors[name] = f"is longer than {most} characters"
        elif "\0" in told.get(name, "") or (name == "name" and name in told and not told[name].strip()):
            errors[name] = "must be readable, and not blank"
    if errors:
        raise Refused(HTTPStatus.BAD_REQUEST, "The automation cannot be saved.", errors)
    return told | ({"flow": json.loads(reading_json.keep(told["flow"]))} if "flow" in told else {})


def _kept(save: Callable[[], Automation]) -> Automation:
    try:
        return save()
    except FlowError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "The flow cannot be saved.", _below(error)) from None
    except publishing.NameTaken:
        raise Refused(HTTPStatus.CONFLICT, "There is an automation of this name.", {"name": "is taken"}) from None
    except publishing.Stale:
        detail = "Somebody has changed the automation since."
        raise Refused(HTTPStatus.CONFLICT, detail, {"revision": "is not the newest"}) from None


def _below(error: FlowError) -> dict[str, str]:
    return {f"flow.{path}" if path else "flow": words for path, words in error.errors.items()}
