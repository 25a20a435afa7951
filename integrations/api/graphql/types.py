"""The types of a recurring payment, out and in: one field of the catalogue, one field here, under its API name."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from graphql import (
    FloatValueNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
    IntValueNode,
    StringValueNode,
)

from subscriptions.catalogue import FIELDS, Field
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LIST, Kind
from subscriptions.models import RecurringPayment


def _taken_amount(value: Any) -> Any:
    """Take a number or its text as it is; the field's kind reads it exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise GraphQLError(f"BigDecimal cannot represent {str(value)[:60]}")
    return value


def _literal_amount(node: Any, _variables: Any = None) -> Any:
    if not isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
        raise GraphQLError("BigDecimal must be a number or its text")
    return node.value


BIG_DECIMAL = GraphQLScalarType(
    "BigDecimal",
    description="An exact number of at most 15 digits, 4 of them decimals; a text is taken too.",
    serialize=float,
    parse_value=_taken_amount,
    parse_literal=_literal_amount,
)
CHOICES: dict[str, GraphQLEnumType] = {
    field.name: GraphQLEnumType(
        f"RecurringPayment{field.api_name[0].upper()}{field.api_name[1:]}",
        {value.upper(): value for value in field.choices},
        description=str(field.label),
    )
    for field in FIELDS
    if field.kind is CHOICE
}
_OF_KIND: dict[Kind, Any] = {
    TEXT: GraphQLString,
    AMOUNT: BIG_DECIMAL,
    INTEGER: GraphQLInt,
    DATE: GraphQLString,
    FLAG: GraphQLBoolean,
    TEXT_LIST: GraphQLList(GraphQLString),
}


def type_of(field: Field) -> Any:
    """Return the GraphQL type of a field's value."""
    return CHOICES[field.name] if field.name in CHOICES else _OF_KIND[field.kind]


def grouped() -> Iterator[tuple[str, Field | dict[str, Field]]]:
    """Yield each API name with its field; those with a dot come as one object, with its parts by their names."""
    objects: dict[str, dict[str, Field]] = {}
    for field in FIELDS:
        of, dot, part = field.api_name.partition(".")
        if not dot:
            yield of, field
        else:
            objects.setdefault(of, {})[part] = field
    yield from objects.items()


def built(leaf: Callable[[Field], Any], tree: Callable[[Mapping[str, Field]], Any]) -> dict[str, Any]:
    """Build something for each API name: `leaf` for a field, `tree` for an object of several."""
    return {name: leaf(of) if isinstance(of, Field) else tree(of) for name, of in grouped()}


def _date(moment: datetime) -> str:
    """Write a moment as plugins read it; `strftime` would write the year 1 with one digit."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _told(field: Field) -> Callable[[RecurringPayment, Any], Any]:
    """Return what reads a field; what is empty is null."""

    def read(payment: RecurringPayment, _info: Any) -> Any:
        value = field.value(payment)
        if field.kind is DATE:
            return _date(value) if value else None
        return None if value == "" else value

    return read


def _field(field: Field) -> GraphQLField:
    return GraphQLField(type_of(field), resolve=_told(field), description=str(field.label))


def _input(field: Field) -> GraphQLInputField:
    return GraphQLInputField(type_of(field), description=str(field.label))


_PARTS = next(of for _, of in grouped() if not isinstance(of, Field))
ADDRESSES = [dict(of) for _, of in grouped() if not isinstance(of, Field)]
_ADDRESS_INPUT = GraphQLInputObjectType(
    "RecurringPaymentAddressInput", {part: GraphQLInputField(GraphQLString) for part in _PARTS}
)


def _address(parts: Mapping[str, Field]) -> GraphQLField:
    kind = next(field.group for field in parts.values())
    name = "".join(word.capitalize() for word in kind.split("_"))
    of = GraphQLObjectType(f"RecurringPayment{name}", {part: _field(field) for part, field in parts.items()})
    return GraphQLField(of, resolve=lambda payment, _info: payment)


_SMS_STATES = ("NOT_SUBSCRIBED", "PENDING", "REDACTED", "SUBSCRIBED", "UNSUBSCRIBED")
_SMS_LEVELS = ("CONFIRMED_OPT_IN", "SINGLE_OPT_IN", "UNKNOWN")
CUSTOMER_DATA = GraphQLInputObjectType(
    "CustomerDataInput",
    {
        **{name: GraphQLInputField(GraphQLString) for name in ("firstName", "lastName", "phone", "company")},
        "acceptsMarketing": GraphQLInputField(GraphQLBoolean),
        "smsMarketingState": GraphQLInputField(GraphQLEnumType("SmsMarketingState", dict.fromkeys(_SMS_STATES))),
        "smsOptInLevel": GraphQLInputField(GraphQLEnumType("SmsOptInLevel", dict.fromkeys(_SMS_LEVELS))),
        "smsConsentUpdatedDate": GraphQLInputField(GraphQLString),
    },
    description="Goes to the contact; names, phone and company are kept, acceptsMarketing decides about our list.",
)
RECURRING_PAYMENT = GraphQLObjectType("RecurringPayment", built(_field, _address), description="What is empty is null.")
RECURRING_PAYMENT_INPUT = GraphQLInputObjectType(
    "RecurringPaymentInput",
    built(_input, lambda _parts: GraphQLInputField(_ADDRESS_INPUT))
    | {
        "customerData": GraphQLInputField(CUSTOMER_DATA),
        "suppressAutomations": GraphQLInputField(GraphQLBoolean, description="Start no automation with this record."),
    },
    description="An absent field keeps what is stored, an explicit null clears it.",
)
