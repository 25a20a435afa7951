"""Strategies: any segment that can be written."""

from typing import Any

from hypothesis import strategies as st

from subscriptions.segments import operators
from subscriptions.segments.subjects import CONTACT, PAYMENT, Subject
from subscriptions.segments.values import MANY, NOTHING, ONE, RANGE, SPAN, UNITS

# what the people of the fixture have, nearly have, or have not
TEXTS = st.sampled_from(
    ["Chicago", "lyon ", "é", "VIAN", "%", "_", "100% _town_", "a", "PRO-1", "food", "eur", "ß", "'", "\\"]
)
DAYS = st.sampled_from(["2025-01-25", "2026-02-28", "2026-03-01", "2026-03-03", "2026-04-10", "9999-12-28"])
_BY_KIND: dict[str, Any] = {
    "text": TEXTS,
    "text_list": TEXTS,
    "amount": st.sampled_from(["0", "15.5", "49.9", 50, -1, "99999999999.9999"]),
    "integer": st.sampled_from([0, 1, 3, -5, 2**31 - 1]),
    "date": DAYS,
    "flag": st.booleans(),
}
_SPANS = st.fixed_dictionaries({"n": st.sampled_from([1, 2, 40, 1200]), "unit": st.sampled_from(UNITS)})


def _one(subject: Subject) -> Any:
    kind = subject.kind.name if subject.kind else ""
    return st.sampled_from(sorted(subject.choices)) if kind == "choice" else _BY_KIND[kind]


def _ordered(pair: list[Any]) -> list[Any]:
    return sorted(pair, key=lambda one: one if isinstance(one, str) and "-" in one[1:] else float(one))


_FORMS: dict[str, Any] = {
    NOTHING.name: lambda subject: st.none(),
    ONE.name: _one,
    MANY.name: lambda subject: st.lists(_one(subject), min_size=1, max_size=3),
    RANGE.name: lambda subject: st.lists(_one(subject), min_size=2, max_size=2).map(_ordered),
    SPAN.name: lambda subject: _SPANS,
}


@st.composite
def _leaf(draw: Any, known: dict[str, Subject]) -> dict[str, Any]:
    subject = draw(st.sampled_from(list(known.values())))
    operator = draw(st.sampled_from(list(operators.of(subject).values())))
    value = draw(_FORMS[operator.form.name](subject))
    leaf = {subject.key: subject.name, "op": operator.name}
    return leaf if value is None else leaf | {"value": value}


def _grouped(parts: Any) -> Any:
    lists = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda some: {"all": some}, lists),
        st.builds(lambda some: {"any": some}, lists),
        st.builds(lambda one: {"not": one}, parts),
    )


def _levels(tree: Any) -> int:
    if isinstance(tree, dict):
        return max((_levels(part) + (key in ("all", "any", "not", "recurring_payment")) for key, part in tree.items()))
    return max(map(_levels, tree), default=0) if isinstance(tree, list) else 0


def _shallow(some: Any, levels: int) -> Any:
    """Leave room for what a law puts around a segment."""
    return some.filter(lambda tree: _levels(tree) <= levels)


payment_trees = _shallow(st.recursive(_leaf(PAYMENT), _grouped, max_leaves=5), 3)
scopes = st.one_of(
    st.sampled_from(["any", "none", "every", "latest"]),
    st.builds(
        lambda name, n: {name: n}, st.sampled_from(["at_least", "at_most", "exactly"]), st.integers(0, 3)
    ),
)  # fmt: skip
frames = st.builds(lambda part, match: {"recurring_payment": part, "match": match}, payment_trees, scopes)
tags = st.builds(
    lambda name, op: {"tag": name, "op": op},
    st.sampled_from(["vip", "unused", "x"]),
    st.sampled_from(["has", "has_not"]),
)
trees = _shallow(st.recursive(st.one_of(_leaf(CONTACT), tags, frames), _grouped, max_leaves=4), 5)
