"""What the builder asks while somebody works: what the flow says and what is wrong with it, and where people are."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from automations.flow import outline, reading
from automations.flow.mistakes import FlowError
from automations.pages import access, notes
from automations.pages.flow_page import parse


@access.may("view")
@require_POST
def check(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Say the flow that is posted as JSON: words and mistakes of each part by its path, and mistakes of the whole."""
    try:
        data = parse(request.body)
        reading.check_storable(data)
    except FlowError as error:
        return JsonResponse({"error": "; ".join(error.errors.values())}, status=422)
    return JsonResponse(notes.said(outline.of_draft(data, itself=automation_id)))


@access.may("view")
@require_safe
def counts(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Say how many people are at each step now."""
    one = access.find(automation_id)
    return JsonResponse({"state": one.state, "steps": notes.counts(one)})
