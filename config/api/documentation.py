"""How an API describes itself: one decorator for an operation, and parameters that all share."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from config.api import paging
from config.api.refusals import CONTENT_TYPE

# What every address may answer, beside what stands at its operation.
ALWAYS = (401, 403, 429)
_TOO_LONG = "The address is longer than the web server reads; this is its answer, and no problem of ours."
LARGEST_ID = 2**31 - 1


def operation(
    name: str,
    summary: str,
    *,
    answers: dict[int, str | None],
    text: str = "",
    parameters: Iterable[OpenApiParameter] = (),
    request: str = "",
    problems: Iterable[int] = (),
    tag: str = "API for stores",
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
        tags=[tag],
    )


def component(name: str) -> dict[str, str]:
    """Refer to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def paging_parameters(*, largest: int = paging.LARGEST) -> tuple[OpenApiParameter, ...]:
    """Describe how a list is paged."""
    limit = {"type": "integer", "minimum": 1, "maximum": largest}
    return (
        OpenApiParameter("limit", limit, description="Rows a page."),
        OpenApiParameter("cursor", str, description="Where the page starts: `next` of the page before."),
    )


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="A name for this request: if it comes again within 24 hours, the first answer is given again.",
)
PAGING = paging_parameters()
_NUMBER = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}


def number_in_path(name: str, text: str = "") -> OpenApiParameter:
    """Describe a number in the address."""
    return OpenApiParameter(name, _NUMBER, OpenApiParameter.PATH, description=text)
