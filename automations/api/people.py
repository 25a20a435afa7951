"""The people of an automation: who is where, each one's way, letting somebody in, trying again, ending."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from automations import by_hand, reasons
from automations.api import shapes
from automations.api.access import AutomationsApiView
from automations.api.automations import ID, find
from automations.models import Automation, Enrolment
from config.api import paging
from config.api.documentation import IDEMPOTENCY_KEY, PAGING, number_in_path, operation
from config.api.refusals import Refused
from config.audit.log import record
from contacts.models import Contact
from contacts.services import email_key
from subscriptions.models import RecurringPayment

WAY = number_in_path("way_id")
_STATES = ["inside", *Enrolment.State.values]
_BODY = {"contact", "recurring_payment"}


class PeopleView(AutomationsApiView):
    """Everybody who is or was in an automation."""

    @operation(
        "list_automation_people",
        "List the people of an automation",
        parameters=(
            ID,
            *PAGING,
            OpenApiParameter("state", {"type": "string", "enum": _STATES}),
            OpenApiParameter("step", str, description="The id of the step where they are."),
            OpenApiParameter("contact", {"type": "integer", "minimum": 1}),
        ),
        answers={200: "AutomationWayPage"},
        problems=(400, 404),
    )
    def get(self, request: Request, automation_id: int) -> Response:
        """Answer with a page of ways."""
        paging.only(request, ("limit", "cursor", "state", "step", "contact"))
        rows = _filtered(find(automation_id), request).select_related("contact", "payment")
        found = paging.page(rows, request)
        return Response({"results": [shapes.way(row) for row in found.rows], "next": found.next})

    @operation(
        "enter_automation",
        "Let somebody in",
        text="As a trigger would. How often a person may run through it holds here too.",
        parameters=(ID, IDEMPOTENCY_KEY),
        request="AutomationEntry",
        answers={201: "AutomationWay"},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, automation_id: int) -> Response:
        """Let them in by hand."""
        paging.only(request, ())
        answer: Response = import_string(settings.API_ONCE)(request, lambda: _enter(request, find(automation_id)))
        return answer


class PathView(AutomationsApiView):
    """One person's way."""

    @operation(
        "get_automation_path",
        "Read somebody’s way",
        parameters=(ID, WAY),
        answers={200: "AutomationPath"},
        problems=(400, 404),
    )
    def get(self, request: Request, automation_id: int, way_id: int) -> Response:
        """Answer with each step, its outcome and times, and what was sent."""
        paging.only(request, ())
        return Response(shapes.path(_way(automation_id, way_id)))


class RetryView(AutomationsApiView):
    """Trying again."""

    @operation(
        "retry_automation_person",
        "Have somebody try again who is stopped by a problem",
        parameters=(ID, WAY),
        answers={200: "AutomationPath"},
        problems=(400, 404),
    )
    def post(self, request: Request, automation_id: int, way_id: int) -> Response:
        """Go on with who is stopped; nothing for anybody else."""
        paging.only(request, ())
        known = _way(automation_id, way_id)
        with transaction.atomic():
            if count := by_hand.retry([known]):
                record("automation.people_retried", about=known.automation, request=request._request, count=count)
        return Response(shapes.path(_way(automation_id, way_id)))


class EndView(AutomationsApiView):
    """Ending a way."""

    @operation(
        "end_automation_person",
        "End somebody’s way where they are",
        parameters=(ID, WAY),
        answers={200: "AutomationPath"},
        problems=(400, 404),
    )
    def post(self, request: Request, automation_id: int, way_id: int) -> Response:
        """End it; a second time changes nothing."""
        paging.only(request, ())
        known = _way(automation_id, way_id)
        with transaction.atomic():
            if by_hand.end(known):
                about, who = known.automation, str(known.contact)
                record("automation.person_ended", about=about, request=request._request, person=who)
        return Response(shapes.path(_way(automation_id, way_id)))


def _filtered(automation: Automation, request: Request) -> Any:
    rows = Enrolment.objects.filter(automation=automation)
    state, step = (request.query_params.get(name, "") for name in ("state", "step"))
    if state and state not in _STATES:
        raise paging.refused("state", "is no state of people in automations")
    if state:
        rows = rows.inside() if state == "inside" else rows.filter(state=state)
    if step:
        rows = rows.filter(step=step[:16])
    if contact := request.query_params.get("contact", ""):
        if not (contact.isascii() and contact.isdecimal() and len(contact) < 19):
            raise paging.refused("contact", "must be a number")
        rows = rows.filter(contact=int(contact))
    return rows


def _way(automation_id: int, way_id: int) -> Enrolment:
    rows = Enrolment.objects.select_related("automation", "contact", "payment")
    found = rows.filter(automation=find(automation_id), pk=way_id).first() if way_id < 2**63 else None
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such way through this automation.")
    return found


def _enter(request: Request, automation: Automation) -> Response:
    told = request.data
    if not isinstance(told, dict) or told.keys() - _BODY or "contact" not in told:
        detail = "The body must be an object with “contact”, and with “recurring_payment” if there is one."
        raise Refused(HTTPStatus.BAD_REQUEST, detail, {"": "is not what this address takes"})
    contact = _contact(told["contact"])
    payment = _payment(told["recurring_payment"]) if "recurring_payment" in told else None
    try:
        with transaction.atomic():
            entered = by_hand.enter(automation, contact, payment)
            who = str(contact)
            record("automation.person_entered", about=automation, request=request._request, person=who)
    except by_hand.NotLetIn as refused:
        raise Refused(HTTPStatus.CONFLICT, f"{reasons.say(refused.reason)}.", {"contact": refused.reason}) from None
    return Response(shapes.way(entered), status=HTTPStatus.CREATED)


def _contact(named: Any) -> Contact:
    """Find a contact by number or by e-mail."""
    found = None
    if type(named) is int and 0 < named < 2**63:
        found = Contact.objects.filter(pk=named).first()
    elif isinstance(named, str) and (key := email_key(named)):
        found = Contact.objects.filter(email_key=key).first()
    if found is None:
        raise Refused(HTTPStatus.BAD_REQUEST, "There is no such contact.", {"contact": "is not known"})
    return found


def _payment(named: Any) -> RecurringPayment:
    found = RecurringPayment.objects.filter(pk=named).first() if type(named) is int and 0 < named < 2**63 else None
    if found is None:
        detail = "There is no such recurring payment."
        raise Refused(HTTPStatus.BAD_REQUEST, detail, {"recurring_payment": "is not known"})
    return found
