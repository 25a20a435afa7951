"""Reports over the API: run, saved, read, changed, put away; only for keys of the account that may."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from config.audit.models import Entry
from integrations.api import keys
from integrations.api.stores import About, connect
from reports.custom import reading
from reports.models import Report
from subscriptions.models import Store
from tests.integrations.api.plugin import Plugin
from tests.subscriptions.reports import told

pytestmark = pytest.mark.django_db
BY_STATUS = {
    "about": "payments",
    "groups": [{"by": "status"}],
    "measures": [{"of": "payments"}, {"of": "payment_amount"}],
}


@pytest.fixture
def asker(db: None) -> Plugin:
    """Whoever may run and save reports."""
    return Plugin(None, scopes=["reports"])


@pytest.fixture
def payments(store: Store) -> None:
    for number, (status, amount) in enumerate((("active", "10.5"), ("active", "5"), ("paused", None))):
        told(store, f"sub_{number}", status=status, payment_amount=amount, currency="EUR")


def reasons(answer: Any) -> dict[str, str]:
    return {one["path"]: one["reason"] for one in answer.json()["errors"]}


def check(asker: Plugin, name: str, answer: Any) -> None:
    """Hold an answer against a component of the schema; what a component does not name is not told."""
    components = asker.get("/schema/", format="json").json()["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    Draft202012Validator(schema).validate(answer)
    assert answer.keys() <= components["schemas"][name]["properties"].keys()


def test_a_report_is_run_without_being_saved(asker: Plugin, payments: None) -> None:
    answer = asker.send("POST", "/reports/run", {"definition": BY_STATUS}).json()
    assert [head["label"] for head in answer["heads"]] == [
        "Recurring payment status", "Currency", "Recurring payments", "Payment amount: sum"
    ]  # fmt: skip
    assert [[cell["value"] for cell in row["cells"]] for row in answer["rows"]] == [
        ["active", "EUR", 2, "15.5"],
        ["paused", "EUR", 1, None],
    ]
    assert answer["rows"][0]["cells"][3]["words"] == "€15.50"
    assert answer["rows"][0]["place"] == {"groups": ["active"], "currency": "eur"}
    assert (answer["count"], answer["totals"][0]["cells"][2]["value"]) == (2, 3)
    check(asker, "ReportResult", answer)
    assert not Report.objects.exists()


def test_a_report_is_saved_read_changed_and_run(asker: Plugin, payments: None) -> None:
    made = asker.send("POST", "/reports", {"name": " By status ", "definition": BY_STATUS}).json()
    check(asker, "Report", made)
    assert (made["name"], made["revision"], made["definition"]["limit"]) == ("By status", 1, 20)
    place = f"/reports/{made['id']}"
    assert asker.get(place).json() == made
    changed = asker.send("PUT", place, {"revision": 1, "description": "For Monday"}).json()
    assert (changed["description"], changed["revision"], changed["definition"]) == ("For Monday", 2, made["definition"])
    answer = asker.get(f"{place}/result", rows=1).json()
    assert (len(answer["rows"]), answer["count"]) == (1, 2)
    assert reasons(asker.get(f"{place}/result", rows=0)).keys() == {"rows"}
    late = asker.send("PUT", place, {"revision": 1, "name": "Late"})
    assert (late.status_code, reasons(late)) == (409, {"revision": "is not the newest"})
    taken = asker.send("POST", "/reports", {"name": "BY STATUS", "definition": BY_STATUS})
    assert (taken.status_code, reasons(taken)) == (409, {"name": "is taken"})


def test_a_report_is_archived_taken_out_and_deleted_and_the_audit_log_knows(asker: Plugin) -> None:
    place = f"/reports/{asker.send('POST', '/reports', {'name': 'One', 'definition': BY_STATUS}).json()['id']}"
    for act, is_archived in (("archive", True), ("take-out", False)):
        answers = [asker.send("POST", f"{place}/{act}", b"").json() for _ in range(2)]
        assert [one["is_archived"] for one in answers] == [is_archived] * 2
        assert len(asker.get("/reports", archived="true").json()["results"]) == is_archived
    assert asker.get("/reports", q="on").json()["results"][0]["name"] == "One"
    assert asker.send("DELETE", place).status_code == 204
    assert asker.get(place).status_code == 404
    acts = Entry.objects.exclude(action__startswith="key.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["added", "report.archived", "report.taken_out", "deleted"]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, {"name", "definition"}),
        ({"name": "x", "definition": {}}, {"definition.about"}),
        (
            {"name": "x", "definition": {"about": "payments", "measures": [{"of": "moons"}]}},
            {"definition.measures[0].of"},
        ),
        ({"name": " ", "definition": BY_STATUS}, {"name"}),
        ({"name": "x\x00", "definition": BY_STATUS}, {"name"}),
        ({"name": "x\ud800", "definition": BY_STATUS}, {"name"}),
        ({"name": "x", "description": "y" * 1001, "definition": BY_STATUS}, {"description"}),
        ({"name": "x", "definition": BY_STATUS, "owner": 1}, {"owner"}),
    ],
)
def test_what_cannot_be_saved_is_refused_with_its_path(asker: Plugin, body: Any, paths: set[str]) -> None:
    answer = asker.send("POST", "/reports", body)
    assert (answer.status_code, set(reasons(answer))) == (400, paths)
    assert not Report.objects.exists()


def test_the_language_is_described_and_agrees_with_what_is_read(asker: Plugin) -> None:
    told = asker.get("/reports/description").json()
    check(asker, "ReportDescription", told)
    schema = Draft202012Validator(asker.get("/reports/schema").json())
    assert schema.is_valid(BY_STATUS)
    assert schema.is_valid(reading.read(BY_STATUS).write())
    assert not schema.is_valid(BY_STATUS | {"groups": [{"by": "status", "unit": "month"}]})
    assert not schema.is_valid(BY_STATUS | {"limit": 0})
    for one in told["objects"]:
        for section in (section for branch in one["branches"] for section in branch["sections"]):
            for dimension in section["dimensions"]:
                written = {"about": one["key"], "groups": [{"by": dimension["key"]}], "measures": [one["usual"]]}
                assert schema.is_valid(written), written
                assert reading.read(written)


def test_no_other_key_reaches_reports(db: None) -> None:
    shop = connect(About(service="woo", external_id="1", name="Shop"))
    for key in (Plugin(shop), Plugin(None, scopes=["read", "write", "segments"])):
        answer = key.get("/reports")
        assert (answer.status_code, "scope “reports”" in answer.json()["detail"]) == (403, True)
    with pytest.raises(ValueError, match="some of read, write"):
        keys.issue(shop, name="more", scopes=["reports"])


def test_nobody_is_told_of_what_does_not_exist(asker: Plugin) -> None:
    for path in ("/reports/4711", f"/reports/{2**70}", "/reports/4711/result"):
        assert asker.get(path).status_code == 404
    assert asker.send("POST", "/reports/4711/archive", b"").status_code == 404
