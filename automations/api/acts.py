"""What is done to an automation: publishing, pausing, resuming, archiving, taking out of the archive."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from automations import publishing, refusals
from automations.api import access, movings, parameters, shapes, writing
from automations.flow.mistakes import FlowError
from automations.models import Automation
from config.api import documentation, paging
from config.api.refusals import Refused
from config.api.views import body_object
from config.audit.log import record

State = Automation.State


class MovingsView(access.AutomationView):
    """What publishing would do to the people inside."""

    @documentation.operation(
        "get_automation_movings",
        "Say what would become of whom if the draft were published",
        text="Who is inside goes on at their step, or at the next one that there still is; nowhere is the end.",
        parameters=(parameters.AUTOMATION_ID,),
        answers={200: "AutomationMovings"},
        problems=(400, 404, 422),
        tag=parameters.TAG,
    )
    def get(self, request: Request, automation_id: int) -> Response:
        """Answer from where to where how many people would go."""
        paging.only(request, ())
        return Response({"movings": _complete(lambda: movings.told(access.one(automation_id)))})


class PublishView(access.AutomationView):
    """Publishing the draft."""

    @documentation.operation(
        "publish_automation",
        "Publish an automation's draft",
        text="People go by it from now on, and enter. What becomes of who is inside, `movings` says before.",
        parameters=(parameters.AUTOMATION_ID,),
        request="Publishing",
        answers={200: "Automation"},
        problems=(400, 404, 409, 413, 415, 422),
        tag=parameters.TAG,
    )
    def post(self, request: Request, automation_id: int) -> Response:
        """Publish it."""
        paging.only(request, ())
        known, told = access.one(automation_id), body_object(request, {"revision": int})
        if known.state == State.ARCHIVED:
            raise Refused(HTTPStatus.CONFLICT, "Take the automation out of the archive first.")
        try:
            with transaction.atomic():
                version = _complete(lambda: publishing.publish(known, seen=told.get("revision")))
                record("automation.published", about=known, request=request._request, version=version.number)
        except refusals.Stale:
            raise writing.stale() from None
        return Response(shapes.automation(access.one(automation_id)))


def _complete[Told](ask: Callable[[], Told]) -> Told:
    """Ask what only a draft without mistakes can be asked; raise Refused with those that it has."""
    try:
        return ask()
    except FlowError as error:
        detail = "The draft has mistakes, so it cannot be published."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, detail, error.errors) from None


class ActView(access.AutomationView):
    """An act without questions: what was so already is not done, and not recorded."""

    do: Callable[[Automation], bool]
    action: str
    # the states in which it can be done or was done already
    fitting: tuple[str, ...] = tuple(State.values)
    refusal = ""

    def post(self, request: Request, automation_id: int) -> Response:
        """Do it, and answer with the automation."""
        paging.only(request, ())
        body_object(request, {})
        known = access.one(automation_id)
        with transaction.atomic():
            if type(self).do(known):
                record(self.action, about=known, request=request._request)
        changed = access.one(automation_id)
        if changed.state not in self.fitting:
            raise Refused(HTTPStatus.CONFLICT, self.refusal)
        return Response(shapes.automation(changed))


def _described(name: str, summary: str, text: str) -> Any:
    """Describe an act, which all do in the same way, at each view by itself."""
    operation = documentation.operation(
        name,
        summary,
        text=text,
        parameters=(parameters.AUTOMATION_ID,),
        answers={200: "Automation"},
        problems=(400, 404, 409, 413, 415),
        tag=parameters.TAG,
    )
    return extend_schema_view(post=operation)


@_described("pause_automation", "Pause an automation", "Nobody enters, and who is inside is held where they are.")
class PauseView(ActView):
    """Pausing."""

    do = staticmethod(publishing.pause)
    action = "automation.paused"
    fitting = (State.PAUSED,)
    refusal = "Only an active automation can be paused."


@_described("resume_automation", "Resume an automation", "Who was held goes on; people enter by what happens now.")
class ResumeView(ActView):
    """Going on."""

    do = staticmethod(publishing.resume)
    action = "automation.resumed"
    fitting = (State.ACTIVE,)
    refusal = "Only a paused automation can be resumed."


@_described("archive_automation", "Put an automation away", "Nobody enters, and the ways of who is inside end here.")
class ArchiveView(ActView):
    """Putting into the archive."""

    do = staticmethod(publishing.archive)
    action = "automation.archived"


@_described("take_out_automation", "Take an automation out of the archive", "It is paused then, or a draft.")
class TakeOutView(ActView):
    """Taking out of the archive."""

    do = staticmethod(publishing.take_out)
    action = "automation.taken_out"
