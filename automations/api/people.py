"""The people of an automation: who is where, their ways, letting somebody in, trying again, going on, ending."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from automations import by_hand, reasons
from automations.api import access, naming, parameters, ways
from automations.models import Automation, Enrolment
from automations.models.enrolments import EnrolmentQuerySet
from config.api import documentation, paging
from config.api.once import once
from config.api.refusals import Refused
from config.api.views import body_object
from config.audit.log import record

_FILTERS = ("state", "contact", "step")
# what of a body each refusal is about
_ABOUT = {
    "gone": "contact",
    "payment_of_somebody_else": "recurring_payment",
    "needs_payment": "recurring_payment",
    "ran_already": "contact",
}


class PeopleView(access.AutomationView):
    """Everybody who is in an automation, or was."""

    @documentation.operation(
        "list_automation_people",
        "Find the people of an automation",
        parameters=(
            parameters.AUTOMATION_ID,
            parameters.WAY_STATE,
            parameters.CONTACT,
            parameters.STEP,
            *documentation.PAGING,
        ),
        answers={200: "WayPage"},
        problems=(400, 404),
        tag=parameters.TAG,
    )
    def get(self, request: Request, automation_id: int) -> Response:
        """Answer with a page of ways."""
        paging.only(request, (*_FILTERS, "limit", "cursor"))
        found = paging.page(_found(access.one(automation_id), request), request)
        return Response({"results": ways.short(found.rows), "next": found.next})

    @documentation.operation(
        "enter_automation",
        "Let a contact into an automation by hand",
        text="By the same rule how often as a trigger does. Why somebody is not let in is said with 409.",
        parameters=(parameters.AUTOMATION_ID, documentation.IDEMPOTENCY_KEY),
        request="PersonToEnter",
        answers={201: "WayInFull"},
        problems=(400, 404, 409, 413, 415, 422),
        tag=parameters.TAG,
    )
    def post(self, request: Request, automation_id: int) -> Response:
        """Let somebody in."""
        paging.only(request, ())
        told = body_object(request, {"contact": (int, str), "recurring_payment": (str, dict)})
        if "contact" not in told:
            raise Refused(HTTPStatus.BAD_REQUEST, "The body names nobody.", {"contact": "is missing"})
        return once(request, partial(_enter, request, access.one(automation_id), told))


class WayView(access.AutomationView):
    """One person's way."""

    @documentation.operation(
        "get_automation_way",
        "Read somebody's way through an automation",
        text="Each step with its times and what came of it, e-mails and calls of webhooks, and where they are.",
        parameters=(parameters.AUTOMATION_ID, parameters.WAY_ID),
        answers={200: "WayInFull"},
        problems=(400, 404),
        tag=parameters.TAG,
    )
    def get(self, request: Request, automation_id: int, way_id: int) -> Response:
        """Answer with the way."""
        paging.only(request, ())
        return Response(ways.way(access.way(automation_id, way_id)))


class WayActView(access.AutomationView):
    """What is done to somebody's way; where there is nothing to do, nothing is done and recorded."""

    do: Callable[[Enrolment], Any]
    action: str

    def post(self, request: Request, automation_id: int, way_id: int) -> Response:
        """Do it, and answer with the way."""
        paging.only(request, ())
        body_object(request, {})
        return once(request, partial(self._done, request, access.way(automation_id, way_id)))

    def _done(self, request: Request, way: Enrolment) -> Response:
        with transaction.atomic():
            if count := type(self).do(way):
                about = {"count": count} if "people" in self.action else {"person": _person(way)}
                record(self.action, about=way.automation, request=request._request, **about)
        return Response(ways.way(access.way(way.automation_id, way.pk)))


def _described(name: str, summary: str, text: str) -> Any:
    operation = documentation.operation(
        name,
        summary,
        text=text,
        parameters=(parameters.AUTOMATION_ID, parameters.WAY_ID, documentation.IDEMPOTENCY_KEY),
        answers={200: "WayInFull"},
        problems=(400, 404, 409, 413, 415, 422),
        tag=parameters.TAG,
    )
    return extend_schema_view(post=operation)


def _retry(way: Enrolment) -> int:
    return by_hand.retry([way])


@_described(
    "retry_automation_way", "Try again", "Whoever is stopped by a problem tries again; others stay as they are."
)
class RetryView(WayActView):
    """Trying again."""

    do = staticmethod(_retry)
    action = "automation.people_retried"


@_described("skip_automation_wait", "Skip a wait", "Whoever is at a wait goes on at once; others stay where they are.")
class SkipView(WayActView):
    """Going on at once."""

    do = staticmethod(by_hand.skip)
    action = "automation.wait_skipped"


@_described("end_automation_way", "End somebody's way", "It ends where they are; what is not sent yet is not sent.")
class EndView(WayActView):
    """Ending."""

    do = staticmethod(by_hand.end)
    action = "automation.person_ended"


def _found(one: Automation, request: Request) -> EnrolmentQuerySet:
    asked = {name: parameters.text(request, name, most=254) for name in _FILTERS if name in request.query_params}
    rows = Enrolment.objects.filter(automation=one).select_related("contact", "payment", "version")
    if "state" in asked:
        state = parameters.choice("state", asked["state"], parameters.WAY_STATES)
        rows = rows.inside() if state == parameters.INSIDE else rows.filter(state=state)
    if "contact" in asked:
        rows = rows.filter(contact=naming.contact(asked["contact"]))
    return rows.inside().filter(step=asked["step"]) if "step" in asked else rows


def _enter(request: Request, one: Automation, told: dict[str, Any]) -> Response:
    contact = naming.contact(told["contact"])
    payment = naming.payment(told["recurring_payment"], contact) if "recurring_payment" in told else None
    try:
        with transaction.atomic():
            way = by_hand.enter(one, contact, payment)
            record("automation.person_entered", about=one, request=request._request, person=_person(way))
    except by_hand.NotLetIn as refused:
        words = reasons.say(refused.reason)
        raise Refused(HTTPStatus.CONFLICT, f"{words}.", {_ABOUT.get(refused.reason, ""): words}) from None
    return Response(ways.way(access.way(one.pk, way.pk)), status=HTTPStatus.CREATED)


def _person(way: Enrolment) -> str:
    """Name somebody in the audit log, which is kept when they are erased."""
    return f"#{way.contact_id}"
