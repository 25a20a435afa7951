"""POST /api/3/ecom/graphql, as existing plugins call it."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from graphql import DocumentNode, ExecutionResult, GraphQLError, execute, validate
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.refusals import Refused
from config.api.showing import showable
from integrations.api import access, v3
from integrations.api.graphql import limits
from integrations.api.graphql import variables as records
from integrations.api.graphql.resolvers import Context, Refusal
from integrations.api.graphql.schema import SCHEMA

logger = logging.getLogger(__name__)

_LONGEST_MESSAGE = 1000


class GraphqlView(v3.View):
    """Answers a document with 200 and data or errors; 400 for a body that is no request, 403 for a wrong key."""

    max_bytes = settings.API_MAX_BYTES
    # What a key may do is asked field by field: a search needs no right to write.
    permission_classes = (access.HasKey,)

    def post(self, request: Request) -> Response:
        """Run the one document of the body; several at once are refused."""
        document, variables, operation = _asked(request.data)
        context = Context(key=access.key_of(request))
        result = _ran(document, variables, operation, context)
        return Response(_told(result, context.refusals))


def _asked(body: Any) -> tuple[str, dict[str, Any], str | None]:
    if not isinstance(body, dict):
        raise Refused(400, "The body must be one JSON object with query, variables and operationName.")
    document, operation = body.get("query"), body.get("operationName")
    variables = body.get("variables")
    if variables in (None, []):  # PHP writes an empty object as an empty list
        variables = {}
    if not isinstance(document, str) or not isinstance(variables, dict) or not isinstance(operation, str | None):
        raise Refused(400, "query must be a text, variables an object, and operationName a text.")
    return document, variables, operation or None


def _ran(document: str, variables: dict[str, Any], operation: str | None, context: Context) -> ExecutionResult:
    try:
        node = limits.parsed(document)
        if errors := validate(SCHEMA, node, max_errors=20):
            return ExecutionResult(data=None, errors=errors)
        limits.check(node)
    except GraphQLError as error:
        return ExecutionResult(data=None, errors=[error])
    result = _executed(node, variables, operation, context)
    if result.data is None:  # nothing was executed: perhaps since a variable is not of its type
        left, context.unread = records.sift(SCHEMA, node, operation, variables)
        return _executed(node, left, operation, context) if context.unread else result
    return result


def _executed(
    node: DocumentNode, variables: dict[str, Any], operation: str | None, context: Context
) -> ExecutionResult:
    result = execute(SCHEMA, node, context_value=context, variable_values=variables, operation_name=operation)
    if not isinstance(result, ExecutionResult):
        raise TypeError("Nothing here is asynchronous.")
    return result


def _told(result: ExecutionResult, refusals: list[Refusal]) -> dict[str, Any]:
    told: dict[str, Any] = {"data": result.data}
    errors = [_error(error) for error in result.errors or ()]
    errors += [_validation_error(path, refusals) for path in dict.fromkeys(one.path for one in refusals)]
    if errors:
        told["errors"] = errors
    if refusals:
        told["extensions"] = {"validationErrors": list(_listed(refusals))}
    return told


def _error(error: GraphQLError) -> dict[str, Any]:
    """Tell an error; what nobody foresaw is logged, and its text is ours to know."""
    told: dict[str, Any] = dict(error.formatted)
    if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        logger.error("A GraphQL request failed", exc_info=error.original_error)
        told["message"] = "Something went wrong on our side."
    told["message"] = showable(told["message"], _LONGEST_MESSAGE)
    return told


def _validation_error(path: str, refusals: Iterable[Refusal]) -> dict[str, Any]:
    """Tell refused records as plugins read them: each key's third part between dashes is the record's id."""
    return {
        "message": "Validation errors",
        "path": [path],
        "extensions": {
            f"{one.index}-storeRecurringPaymentId-{one.id}": "; ".join(f"{at}: {why}" for at, why in one.errors.items())
            for one in refusals
            if one.path == path
        },
    }


def _listed(refusals: Iterable[Refusal]) -> Iterable[dict[str, Any]]:
    for one in refusals:
        for name, reason in one.errors.items():
            yield {"path": one.path, "index": one.index, "id": one.id, "field": name, "message": reason}
