"""Reports to start from: each opens in the builder, unsaved, and answers something that every account asks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

_AT_RISK = {"field": "status", "op": "is", "value": "payment_failed"}
_CANCELLED = {"field": "status", "op": "is", "value": "cancelled"}
_LIVING = {"field": "status", "op": "is_any_of", "value": ["active", "payment_failed"]}
_PLAN, _CITY, _STORE = {"by": "name"}, {"by": "billing_city"}, {"by": "legacy_connection_id"}
_COUNT, _PEOPLE, _MRR = {"of": "payments"}, {"of": "people"}, {"of": "mrr", "as": "sum"}
_LARGEST = {"by": "measure", "number": 0, "down": True}
_IN_ORDER = {"by": "group", "number": 0, "down": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One report to start from; `key` names it in addresses."""

    key: str
    name: Any
    about: Any
    icon: str
    definition: dict[str, Any]


def _definition(**parts: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"about": "payments", "groups": [], "across": None, "measures": []}
    usual |= {"where": None, "during": None}
    return usual | {"money": "apart", "sort": _LARGEST, "limit": 20, "chart": "none"} | parts


STARTS: tuple[Start, ...] = (
    Start(
        key="risk",
        name=_("Monthly revenue at risk by plan and city this quarter"),
        about=_("What payments that failed are worth a month, of those that are due this quarter."),
        icon="crisis_alert",
        definition=_definition(
            groups=[_PLAN, _CITY],
            measures=[_MRR, _COUNT],
            where={"all": [_AT_RISK]},
            during={"of": "next_payment_date", "span": "this_quarter"},
            chart="stacked",
        ),
    ),
    Start(
        key="mrr",
        name=_("Monthly recurring revenue by plan"),
        about=_("Which plans the revenue comes from, with how many payments and people."),
        icon="payments",
        definition=_definition(groups=[_PLAN], measures=[_MRR, _COUNT, _PEOPLE], where={"all": [_LIVING]}, chart="pie"),
    ),
    Start(
        key="new",
        name=_("New recurring payments by month"),
        about=_("How many began in each month, and what they are worth."),
        icon="trending_up",
        definition=_definition(
            groups=[{"by": "start_date", "unit": "month"}],
            measures=[_COUNT, _MRR],
            during={"of": "start_date", "span": "last_365_days"},
            sort=_IN_ORDER,
            limit=100,
            chart="line",
        ),
    ),
    Start(
        key="cancelled",
        name=_("Cancelled by month and store"),
        about=_("When recurring payments were cancelled, with a column for each store."),
        icon="trending_down",
        definition=_definition(
            groups=[{"by": "cancelled_date", "unit": "month"}],
            across=_STORE,
            measures=[_COUNT],
            where={"all": [_CANCELLED]},
            during={"of": "cancelled_date", "span": "last_365_days"},
            sort=_IN_ORDER,
            limit=100,
            chart="stacked",
        ),
    ),
    Start(
        key="cards",
        name=_("Cards that expire, by month"),
        about=_("Which revenue is lost if nobody enters a new card."),
        icon="credit_card_off",
        definition=_definition(
            groups=[{"by": "payment_method_expiration", "unit": "month"}],
            measures=[_COUNT, _MRR],
            where={"all": [_LIVING]},
            during={"of": "payment_method_expiration", "span": "next_90_days"},
            sort=_IN_ORDER,
            limit=100,
            chart="bar",
        ),
    ),
)
BY_KEY = {one.key: one for one in STARTS}
EMPTY = _definition(measures=[_COUNT])
