"""What holds of every report: it says what plain Python says, and as many records are behind a number as it counts."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reports import currencies
from reports.api.schema import json_schema
from reports.custom import asking, behind, question, reading, sentences
from reports.custom.objects import OBJECTS
from reports.custom.results import Result, Row
from subscriptions.models import RecurringPayment
from tests.reports.custom import naive, world
from tests.subscriptions.segments.trees import payment_trees, trees

pytestmark = pytest.mark.django_db
on_one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
SCHEMA = Draft202012Validator(json_schema())
RATES = {"USD": Decimal("0.92345678"), "JPY": Decimal("0.0061")}


@pytest.fixture(params=[1, 2])
def business(request: pytest.FixtureRequest, db: None) -> Any:
    with override_settings(TIME_ZONE="Europe/Paris"):
        world.make(request.param)
        currencies.save("EUR", RATES)
        yield


@st.composite
def groups(draw: Any, about: str) -> dict[str, Any]:
    dimension = draw(st.sampled_from(_dimensions(about)))
    return {"by": dimension.key} | ({"unit": draw(st.sampled_from(dimension.units))} if dimension.units else {})


def _dimensions(about: str) -> list[Any]:
    known = list(OBJECTS[about].dimensions.values())
    told = {"status", "currency", "billing_city", "is_trial", "start_date", "payment_amount", "total_cycles", "name"}
    return [one for one in known if about != "payments" or one.key in told or one.is_many or "." in one.key]


@st.composite
def measures(draw: Any, about: str) -> dict[str, Any]:
    source = draw(st.sampled_from(list(OBJECTS[about].sources.values())))
    return {"of": source.key, "as": draw(st.sampled_from(source.hows))}


@st.composite
def definitions(draw: Any) -> dict[str, Any]:
    about = draw(st.sampled_from(["payments", "payments", "people", "ways", "emails"]))
    counted = [{"of": about, "as": "count"}, *draw(st.lists(measures(about), max_size=3))]
    told = {
        "about": about,
        "groups": draw(st.lists(groups(about), max_size=2)),
        "across": draw(st.one_of(st.none(), groups(about))),
        "measures": [one for place, one in enumerate(counted) if one not in counted[:place]],
        "money": draw(st.sampled_from(["apart", "converted"])),
        "limit": 1000,
    }
    try:
        return reading.read(told).write()
    except reading.ReportError:
        assume(False)
        raise


def _rates(definition: dict[str, Any]) -> dict[str, Decimal]:
    converted = definition["money"] == "converted"
    return {code.lower(): rate for code, rate in (RATES | {"EUR": Decimal(1)}).items()} if converted else {}


def _numbers(result: Result, row: Row, column: int | None) -> list[Any]:
    return [
        cell.value
        for head, cell in zip(result.heads, row.cells, strict=True)
        if head.is_measure and head.column == column
    ]


@on_one_database
@given(definition=definitions())
def test_a_report_says_what_plain_python_says(business: None, definition: dict[str, Any]) -> None:
    result = asking.run(reading.read(definition))
    expected = naive.table(definition, _rates(definition), "EUR")
    found = {(tuple(row.place.get("groups", [])), row.place.get("currency", "")): row for row in result.rows}
    if definition["groups"]:
        assert found.keys() == expected.keys()
        assert result.count == len(expected)
    totals = naive.totals(definition, _rates(definition), "EUR")
    for key, row in found.items():
        _check(definition, result, row, expected.get(key, {}), totals.get(key[1], []))


def _check(definition: dict[str, Any], result: Result, row: Row, expected: Any, whole: Any) -> None:
    about, columns = definition["about"], {head.column for head in result.heads if head.is_measure}
    for column in columns:
        there = "all" if column is None else ("in", _across(result, row, column))
        records = expected.get(there, [])
        for measure, value in zip(definition["measures"], _numbers(result, row, column), strict=True):
            told = naive.counted(about, records, measure)
            if measure["as"] == "share":
                told = _share(told, naive.counted(about, whole, measure))
            assert value == told, (measure, there, row.place)


def _across(result: Result, row: Row, column: int) -> Any:
    [place] = {
        str(cell.place): cell.place for head, cell in zip(result.heads, row.cells, strict=True) if head.column == column
    }.values()
    return place["across"]


def _share(part: Any, whole: Any) -> Any:
    return None if part is None or not whole else (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"))


@on_one_database
@given(definition=definitions())
def test_as_many_records_are_behind_a_number_as_it_counts(business: None, definition: dict[str, Any]) -> None:
    read = reading.read(definition)
    result = asking.run(read)
    for row in (*result.rows[:12], *result.totals):
        for head, cell in zip(result.heads, row.cells, strict=True):
            if head.measure == 0:
                assert behind.records(read, cell.place).count() == cell.value, cell.place


@on_one_database
@given(definition=definitions(), most=st.integers(1, 4), data=st.data())
def test_the_first_rows_are_those_of_all_rows(business: None, definition: dict[str, Any], most: int, data: Any) -> None:
    by = data.draw(st.sampled_from(["measure", "group"] if definition["groups"] else ["measure"]))
    number = data.draw(st.integers(0, len(definition["measures" if by == "measure" else "groups"]) - 1))
    sort = {"by": by, "number": number, "down": data.draw(st.booleans())}
    every = asking.run(reading.read(definition | {"sort": sort}))
    first = asking.run(reading.read(definition | {"sort": sort, "limit": most}))
    assert (first.rows, first.totals) == (every.rows[:most], every.totals)
    assert (first.heads, first.count, first.notes) == (every.heads, every.count, every.notes)
    if by == "measure" and definition["measures"][number]["as"] != "share":
        told = [_numbers(every, row, None)[number] for row in every.rows]
        known = [one for one in told if one is not None]
        assert told == sorted(known, reverse=sort["down"]) + [None] * (len(told) - len(known))


@on_one_database
@given(definition=definitions())
def test_what_is_written_is_read_as_the_same_and_can_be_said(business: None, definition: dict[str, Any]) -> None:
    assert reading.read(definition).write() == definition
    assert sentences.sentence(reading.read(definition))
    assert SCHEMA.is_valid(definition)


def _joined(parts: Any) -> Any:
    lists = st.lists(parts, min_size=1, max_size=2)
    return st.one_of(
        st.builds(lambda some: {"all": some}, lists),
        st.builds(lambda some: {"any": some}, lists),
        st.builds(lambda one: {"not": one}, parts),
    )


wheres = st.recursive(st.one_of(payment_trees, trees), _joined, max_leaves=3)


@on_one_database
@given(where=wheres)
def test_each_payment_fulfils_conditions_or_their_opposite(business: None, where: Any) -> None:
    def count(told: Any) -> int:
        definition = reading.read({"about": "payments", "measures": [{"of": "payments"}], "where": told})
        written = reading.read(definition.write())
        assert sentences.sentence(written)
        return question.records(written).count()

    assert count(where) + count({"not": where}) == RecurringPayment.objects.count()


_PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.sampled_from(["payments", "status"])
)
_KEYS = st.sampled_from(sorted({*reading.KEYS, "by", "unit", "of", "as", "span", "all", "not", "field", "number"}))
anything = st.recursive(_PLAIN, lambda part: st.lists(part, max_size=3) | st.dictionaries(_KEYS, part, max_size=4))


@on_one_database
@given(told=st.dictionaries(_KEYS, anything, max_size=9))
def test_whatever_is_told_is_read_or_refused_at_a_path(db: None, told: Any) -> None:
    for one in (told, {"about": "payments", "measures": [{"of": "payments"}]} | told):
        try:
            reading.read(one)
        except reading.ReportError as error:
            assert error.errors
