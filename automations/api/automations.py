"""Automations: all of them, one, and the language of their flows."""

from http import HTTPStatus

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from automations import publishing, refusals
from automations.api import access, parameters, shapes, writing
from automations.flow.description import description
from automations.models import Automation
from automations.models.automations import AutomationQuerySet
from config.api import documentation, paging
from config.api.refusals import Refused
from config.audit.log import record
from config.seeking import contains


class AutomationsView(access.AutomationView):
    """All automations."""

    @documentation.operation(
        "list_automations",
        "Find automations",
        text="Archived ones too. Needs a key of the account with the scope “automations”, as all these addresses.",
        parameters=(parameters.STATE, parameters.SOUGHT, *documentation.PAGING),
        answers={200: "AutomationPage"},
        problems=(400,),
        tag=parameters.TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of automations."""
        paging.only(request, ("state", "q", "limit", "cursor"))
        found = paging.page(_found(request), request)
        return Response({"results": shapes.short(found.rows), "next": found.next})

    @documentation.operation(
        "create_automation",
        "Save an automation as a draft",
        text="The flow may be incomplete; nobody enters before it is published.",
        request="AutomationToCreate",
        answers={201: "Automation"},
        problems=(400, 409, 413, 415),
        tag=parameters.TAG,
    )
    def post(self, request: Request) -> Response:
        """Save a new draft."""
        paging.only(request, ())
        told = writing.new(request)
        with transaction.atomic():
            made = writing.kept(lambda: publishing.create(**told))
            record("added", about=made, request=request._request)
        return Response(shapes.automation(made), status=HTTPStatus.CREATED)


class OneAutomationView(access.AutomationView):
    """One automation."""

    @documentation.operation(
        "get_automation",
        "Read an automation",
        text="With its draft and what is wrong there, what people go by now, both in words, and how many are where.",
        parameters=(parameters.AUTOMATION_ID,),
        answers={200: "Automation"},
        problems=(400, 404),
        tag=parameters.TAG,
    )
    def get(self, request: Request, automation_id: int) -> Response:
        """Answer with the automation."""
        paging.only(request, ())
        return Response(shapes.automation(access.one(automation_id)))

    @documentation.operation(
        "change_automation",
        "Change an automation's draft, name or description",
        text="What is not named stays. People go by the changed flow once it is published.",
        parameters=(parameters.AUTOMATION_ID,),
        request="AutomationToChange",
        answers={200: "Automation"},
        problems=(400, 404, 409, 413, 415),
        tag=parameters.TAG,
    )
    def put(self, request: Request, automation_id: int) -> Response:
        """Save what is named."""
        paging.only(request, ())
        known, told = access.one(automation_id), writing.change(request)
        with transaction.atomic():
            changed = writing.kept(lambda: publishing.save(known, **told))
            if _words(changed) != _words(known):
                record("changed", about=changed, request=request._request)
        return Response(shapes.automation(changed))

    @documentation.operation(
        "delete_automation",
        "Delete an automation with all that is on record of it",
        text="Only a draft, or one in the archive, that no other automation starts or ends.",
        parameters=(parameters.AUTOMATION_ID,),
        answers={204: None},
        problems=(400, 404, 409),
        tag=parameters.TAG,
    )
    def delete(self, request: Request, automation_id: int) -> Response:
        """Delete it for good."""
        paging.only(request, ())
        known = access.one(automation_id)
        try:
            with transaction.atomic():
                record("deleted", about=known, request=request._request)
                publishing.delete(known)
        except refusals.InUse as used:
            raise Refused(HTTPStatus.CONFLICT, str(used)) from None
        return Response(status=HTTPStatus.NO_CONTENT)


class LanguageView(access.AutomationView):
    """The language of flows."""

    @documentation.operation(
        "get_automation_schema",
        "Read the language of flows",
        text="The kinds of triggers and steps with their options, what a flow can name, and its limits.",
        answers={200: "AutomationSchema"},
        problems=(400,),
        tag=parameters.TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with all that a flow can be made of."""
        paging.only(request, ())
        return Response(description(Automation(draft=dict(publishing.EMPTY))))


def _found(request: Request) -> AutomationQuerySet:
    rows, state = Automation.objects.all(), request.query_params.get("state")
    if state is not None:
        rows = rows.filter(state=parameters.choice("state", state, Automation.State.values))
    if q := parameters.text(request, "q"):
        rows = rows.filter(contains(q, "name", "description"))
    return rows


def _words(one: Automation) -> tuple[str, str, int]:
    return (one.name, one.description, one.revision)
