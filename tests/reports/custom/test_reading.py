"""Reports are read strictly: what is wrong is said at its path, in words that say what to do."""

from typing import Any

import pytest

from reports.custom import reading

pytestmark = pytest.mark.django_db
PLAIN: dict[str, Any] = {"about": "payments", "measures": [{"of": "payments"}]}


def errors(told: Any) -> dict[str, str]:
    with pytest.raises(reading.ReportError) as caught:
        reading.read(told)
    return caught.value.errors


def test_what_is_not_said_is_usual() -> None:
    told = reading.read(PLAIN | {"groups": [{"by": "start_date"}]}).write()
    assert told == {
        "about": "payments",
        "groups": [{"by": "start_date", "unit": "month"}],
        "across": None,
        "measures": [{"of": "payments", "as": "count"}],
        "where": None,
        "during": None,
        "money": "apart",
        "sort": {"by": "group", "number": 0, "down": False},
        "limit": 20,
        "chart": "none",
    }
    assert reading.read(PLAIN | {"groups": [{"by": "status"}]}).sort.by == "measure"


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ([], ""),
        ({}, "about"),
        (PLAIN | {"about": "moons"}, "about"),
        (PLAIN | {"measures": []}, "measures"),
        (PLAIN | {"measures": 1}, "measures"),
        (PLAIN | {"measures": [{"of": "payments"}, 3]}, "measures[1]"),
        (PLAIN | {"measures": [{"of": "payments", "as": "median"}]}, "measures[0].as"),
        (PLAIN | {"measures": [{"of": "payments"}, {"of": "payments", "as": "count"}]}, "measures[1]"),
        (PLAIN | {"measures": [{"of": "payments"}] * 9}, "measures"),
        (PLAIN | {"groups": [{"by": "moon"}]}, "groups[0].by"),
        (PLAIN | {"groups": [{"by": ["moon"]}]}, "groups[0].by"),
        (PLAIN | {"groups": [{"by": "status", "unit": "day"}]}, "groups[0].unit"),
        (PLAIN | {"groups": [{"by": "payment_method_expiration", "unit": "day"}]}, "groups[0].unit"),
        (PLAIN | {"groups": [{"by": "status"}], "across": {"by": "status"}}, "across"),
        (PLAIN | {"groups": [{"by": one} for one in ("name", "email", "status", "currency")]}, "groups"),
        (PLAIN | {"limit": True}, "limit"),
        (PLAIN | {"limit": 1001}, "limit"),
        (PLAIN | {"sort": {"by": "group"}}, "sort.number"),
        (PLAIN | {"sort": {"by": "measure", "number": 1}}, "sort.number"),
        (PLAIN | {"sort": {"by": "measure", "down": 1}}, "sort.down"),
        (PLAIN | {"chart": "cake"}, "chart"),
        (PLAIN | {"money": "added"}, "money"),
        (PLAIN | {"where": {"field": "moon", "op": "is", "value": 1}}, "where.field"),
        (PLAIN | {"where": {"all": [{"tag": "vip", "op": "has"}, {"field": "status", "op": "x"}]}}, "where.all[1].op"),
        (PLAIN | {"where": {"segment": 4711, "op": "in"}}, "where.segment"),
        (PLAIN | {"during": {"of": "status", "span": "today"}}, "during.of"),
        (PLAIN | {"during": {"of": "start_date", "span": "someday"}}, "during.span"),
        (PLAIN | {"during": {"of": "start_date", "from": "2026-02-30", "to": "2026-03-01"}}, "during.from"),
        (PLAIN | {"during": {"of": "start_date", "from": "2026-03-02", "to": "2026-03-01"}}, "during.to"),
        (PLAIN | {"during": {"of": "start_date", "span": "today", "to": "2026-03-01"}}, "during"),
        (PLAIN | {"note": "x" * 70_000}, ""),
    ],
)
def test_what_is_wrong_is_said_at_its_path(told: Any, path: str) -> None:
    assert path in errors(told)


def test_all_that_is_wrong_is_said_at_once() -> None:
    told = PLAIN | {"groups": [{"by": "moon"}], "limit": 0, "colour": "red"}
    assert errors(told).keys() == {"groups[0].by", "limit", "colour"}


def test_what_another_report_has_is_said_with_where_it_is() -> None:
    told = errors({"about": "emails", "measures": [{"of": "mrr"}]})
    assert told["measures[0].of"] == (
        "is not there in a report about e-mails; it is in one about: recurring payments, contacts"
    )


def test_emails_are_not_counted_by_what_has_several_of_them() -> None:
    told = errors(PLAIN | {"groups": [{"by": "campaign"}], "measures": [{"of": "emails_sent"}]})
    assert told.keys() == {"measures[0]"}
    assert "make a report about e-mails" in told["measures[0]"]


def test_a_report_that_is_nested_beyond_all_measure_is_refused() -> None:
    deep: Any = {"field": "status", "op": "is", "value": "paused"}
    for _ in range(40):
        deep = {"any": [deep, {"tag": "vip", "op": "has"}]}
    assert any("nested deeper" in words for words in errors(PLAIN | {"where": deep}).values())
