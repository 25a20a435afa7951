"""How the API describes itself: one decorator for an operation, and parameters that several of them share."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from integrations.api import filters, paging
from integrations.api.refusals import CONTENT_TYPE
from subscriptions.catalogue import BY_NAME
from subscriptions.kinds import AMOUNT, DATE, FLAG, INTEGER, Kind
from subscriptions.records import IDENTITY

# What every address may answer, beside what stands at its operation.
ALWAYS = (401, 403, 429)
_TOO_LONG = "The address is longer than the web server reads; this is its answer, and no problem of ours."
LARGEST_ID = 2**31 - 1
_TYPES: dict[Kind, dict[str, Any]] = {
    AMOUNT: {"type": "string", "pattern": r"^-?[0-9]{1,11}(\.[0-9]{1,4})?$"},
    INTEGER: {"type": "integer", "minimum": -LARGEST_ID, "maximum": LARGEST_ID},
    DATE: {"type": "string", "format": "date-time"},
    FLAG: {"type": "boolean"},
}


def operation(
    name: str,
    summary: str,
    *,
    answers: dict[int, str | None],
    text: str = "",
    parameters: Iterable[OpenApiParameter] = (),
    request: str = "",
    problems: Iterable[int] = (),
) -> Callable[[Any], Any]:
    """Describe an operation; `request` and `answers` name components of `schema`, None an answer without a body."""
    told: dict[Any, Any] = {status: component(answer) if answer else None for status, answer in answers.items()}
    told |= {(status, CONTENT_TYPE): component("Problem") for status in sorted({*problems, *ALWAYS})}
    told[HTTPStatus.REQUEST_URI_TOO_LONG] = OpenApiResponse(description=_TOO_LONG)
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=text or summary,
        parameters=list(parameters),
        request={"application/json": component(request)} if request else None,
        responses=told,
        tags=["API for stores"],
    )


def component(name: str) -> dict[str, str]:
    """Refer to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def flags(*names: str) -> tuple[OpenApiParameter, ...]:
    """Describe parameters that are true or false."""
    return tuple(OpenApiParameter(name, bool, description=_FLAGS[name]) for name in names)


def paging_parameters(*, largest: int = paging.LARGEST) -> tuple[OpenApiParameter, ...]:
    """Describe how a list is paged."""
    limit = {"type": "integer", "minimum": 1, "maximum": largest}
    return (
        OpenApiParameter("limit", limit, description="Rows a page."),
        OpenApiParameter("cursor", str, description="Where the page starts: `next` of the page before."),
    )


def _filter(known: filters.Filter) -> OpenApiParameter:
    kind = known.field.kind
    shape = _TYPES.get(kind, {"type": "string"})
    if known.field.choices:
        shape = {"type": "string", "enum": list(known.field.choices)}
    many = known.operator.takes_many
    return OpenApiParameter(
        known.name,
        {"type": "array", "items": shape} if many else shape,
        description=f"{known.field.label} {_SAID[known.operator.name]}",
        explode=True if many else None,
    )


class _Keys(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The two ways of giving a key."""

    target_class = "integrations.api.access.ApiKeyAuthentication"
    name = ["bearer", "apiToken"]

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """Ask for one of them, not for both."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> Any:
        """Describe both headers."""
        return [
            {"type": "http", "scheme": "bearer"},
            {"type": "apiKey", "in": "header", "name": "Api-Token"},
        ]


_FLAGS = {
    "dryRun": "Answer what would happen, and write nothing.",
    "suppressAutomations": "Start no automation.",
}
_SAID = {
    "": "is",
    "in": "is one of these",
    "contains": "contains",
    "lt": "is less than, or before",
    "lte": "is at most, or not after",
    "gt": "is more than, or after",
    "gte": "is at least, or not before",
}
CONNECTION = OpenApiParameter(
    "connection",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
    description="Legacy connection ID; needed only with a key of the account.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="A name for this request: if it comes again within 24 hours, the first answer is given again.",
)
PAGING = paging_parameters()
SORT = OpenApiParameter(
    "sort",
    {"type": "string", "enum": [f"{sign}{name}" for name in paging.SORTABLE for sign in ("", "-")]},
    description="A field; with a minus in front, from the last to the first.",
)
FILTERS = tuple(_filter(known) for known in filters.FILTERS.values())
PAYMENT_ID = OpenApiParameter(
    IDENTITY,
    {"type": "string", "minLength": 1, "maxLength": BY_NAME[IDENTITY].limit},
    OpenApiParameter.PATH,
    description="The store's own id of the recurring payment.",
)
BATCH_ID = OpenApiParameter("batch_id", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)
_NUMBER = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
CONTACT_ID = OpenApiParameter("contact_id", _NUMBER, OpenApiParameter.PATH)
SEGMENT_ID = OpenApiParameter("segment_id", _NUMBER, OpenApiParameter.PATH)
CONNECTION_ID = OpenApiParameter("connection_id", _NUMBER, OpenApiParameter.PATH, description="Legacy connection ID.")
EMAIL = OpenApiParameter("email", str, description="The contact's e-mail.")
ONE_ROW: dict[str, Any] = {
    "parameters": (PAYMENT_ID, *flags("dryRun", "suppressAutomations"), CONNECTION, IDEMPOTENCY_KEY),
    "request": "RecurringPaymentRow",
    "answers": {200: "Outcome"},
    "problems": (400, 404, 409, 413, 415, 422),
}
