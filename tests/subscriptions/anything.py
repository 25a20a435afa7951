"""Strategies: anything that a store may send of a field, written in any way that is allowed."""

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from subscriptions.catalogue import STORED, Field

MAX_TEXT = 20
_storable = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
amounts = st.decimals(min_value="-99999999999.9999", max_value="99999999999.9999", places=4)
moments = st.datetimes(
    min_value=datetime(2, 1, 2),
    max_value=datetime(9998, 12, 30),
    timezones=st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23))),
)


def texts(longest: int = MAX_TEXT) -> st.SearchStrategy[str]:
    """Any text that a database can hold."""
    return st.text(_storable, max_size=min(longest, MAX_TEXT))


# kind -> what is sent of it, given the field's limit
SENT = {
    "text": texts,
    "choice": lambda choices: st.sampled_from(["", *choices]),
    "amount": lambda _limit: st.one_of(amounts, amounts.map(str), amounts.map("{:e}".format), st.integers(-9, 9)),
    "integer": lambda _limit: st.integers(-(2**31) + 1, 2**31 - 1),
    "date": lambda _limit: st.one_of(moments, moments.map(datetime.isoformat)),
    "flag": lambda _limit: st.booleans(),
    "text_list": lambda limit: st.lists(texts(limit), max_size=3),
}


def sent_of(field: Field) -> st.SearchStrategy[Any]:
    """Anything that a store may send of a field; None clears it."""
    return st.none() | SENT[field.kind.name](field.limit)


def reported() -> st.SearchStrategy[dict[str, Any]]:
    """Some fields of a payment, each with anything in it."""
    optional = {name: sent_of(field) for name, field in STORED.items() if name != "store_recurring_payment_id"}
    return st.fixed_dictionaries({}, optional=optional)


items = st.lists(
    st.fixed_dictionaries(
        {"name": texts()},
        optional={"sku": texts(), "tags": st.lists(texts(), max_size=2), "quantity": amounts, "amount": amounts},
    ),
    max_size=3,
)
