"""What addresses of automations take: reading it, and describing it."""

from collections.abc import Iterable

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from automations.models import Automation, Enrolment
from config.api import paging
from config.api.documentation import number_in_path

TAG = "Automations"
INSIDE = "inside"
WAY_STATES = (INSIDE, *Enrolment.State.values)
AUTOMATION_ID = number_in_path("automation_id")
WAY_ID = number_in_path("way_id", "The id of somebody's way through the automation.")
STATE = OpenApiParameter("state", {"type": "string", "enum": list(Automation.State.values)})
SOUGHT = OpenApiParameter("q", str, description="What the name or the description contains.")
WAY_STATE = OpenApiParameter(
    "state",
    {"type": "string", "enum": list(WAY_STATES)},
    description="“inside” is whoever has neither finished nor been ended.",
)
STEP = OpenApiParameter("step", str, description="The id of the step where they are now.")
CONTACT = OpenApiParameter("contact", str, description="The contact's id or e-mail.")


def choice(name: str, value: str, known: Iterable[str]) -> str:
    """Take one of the known words; raise Refused."""
    if value not in known:
        raise paging.refused(name, f"must be one of {', '.join(known)}")
    return value


def text(request: Request, name: str, *, most: int = 200) -> str:
    """Read a text that is looked for; raise Refused for one that nothing can contain."""
    told = request.query_params.get(name, "").strip()
    if len(told) > most or not told.isprintable():
        raise paging.refused(name, f"must have at most {most} printable characters")
    return told
