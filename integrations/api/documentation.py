"""How the API for stores describes itself: parameters that several operations share, and its keys."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter

from config.api.documentation import IDEMPOTENCY_KEY, LARGEST_ID, number_in_path
from integrations.api import filters, sorting
from subscriptions.catalogue import BY_NAME
from subscriptions.kinds import AMOUNT, DATE, FLAG, INTEGER, Kind
from subscriptions.records import IDENTITY

_TYPES: dict[Kind, dict[str, Any]] = {
    AMOUNT: {"type": "string", "pattern": r"^-?[0-9]{1,11}(\.[0-9]{1,4})?$"},
    INTEGER: {"type": "integer", "minimum": -LARGEST_ID, "maximum": LARGEST_ID},
    DATE: {"type": "string", "format": "date-time"},
    FLAG: {"type": "boolean"},
}


def flags(*names: str) -> tuple[OpenApiParameter, ...]:
    """Describe parameters that are true or false."""
    return tuple(OpenApiParameter(name, bool, description=_FLAGS[name]) for name in names)


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
SORT = OpenApiParameter(
    "sort",
    {"type": "string", "enum": [f"{sign}{name}" for name in sorting.SORTABLE for sign in ("", "-")]},
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
CONTACT_ID = number_in_path("contact_id")
SEGMENT_ID = number_in_path("segment_id")
CONNECTION_ID = number_in_path("connection_id", "Legacy connection ID.")
EMAIL = OpenApiParameter("email", str, description="The contact's e-mail.")
ONE_ROW: dict[str, Any] = {
    "parameters": (PAYMENT_ID, *flags("dryRun", "suppressAutomations"), CONNECTION, IDEMPOTENCY_KEY),
    "request": "RecurringPaymentRow",
    "answers": {200: "Outcome"},
    "problems": (400, 404, 409, 413, 415, 422),
}
