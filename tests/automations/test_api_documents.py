"""What the API answers of automations is what its schema says."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from automations import by_hand, publishing
from automations.models import Automation, Call, Enrolment, Message
from contacts.models import Contact
from subscriptions.models import Store
from tests.automations.flows import ACTIVE, days, flow, go, pay, publish, step, tag
from tests.integrations.api.plugin import Plugin

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(db: None) -> Plugin:
    """Whoever may see and change automations."""
    return Plugin(None, scopes=["automations"])


@pytest.fixture
def busy(store: Store) -> Automation:
    """An automation with everything in it: a fork, an e-mail, a call, somebody by hand, somebody stopped, a draft."""
    steps = (
        tag("a"),
        step("if", where=ACTIVE, yes=[step("email", subject="Hi", text="Text", about="service")], no=[]),
        step("webhook", url="https://example.com/"),
        days(1),
    )
    one = publish(*steps)
    pay(store)
    go()
    Message.objects.update(state="failed", problem="template")
    Enrolment.objects.update(state="parked", reason="template")
    first = Enrolment.objects.get()
    Call.objects.create(enrolment=first, step="webhook", state="sent", status=200, body="{}")
    by_hand.enter(one, Contact.objects.create(email="eve@example.com", email_key="eve@example.com"))
    publishing.save(one, draft=flow(days(2)) | {"runs": "never"})
    return one


def check(maker: Plugin, name: str, told: Any) -> None:
    """Hold an answer against a component of the schema; what a component does not name is not told."""
    components = maker.get("/schema/", format="json").json()["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    Draft202012Validator(schema).validate(told)
    assert told.keys() <= components["schemas"][name]["properties"].keys()


def test_automations_are_as_the_schema_says(maker: Plugin, busy: Automation) -> None:
    check(maker, "AutomationPage", maker.get("/automations").json())
    one = maker.get(f"/automations/{busy.pk}").json()
    check(maker, "Automation", one)
    assert one["errors"]
    assert one["people"]["steps"]
    check(maker, "AutomationSchema", maker.get("/automations/schema").json())
    publishing.save(busy, draft=flow(tag("other")))
    asked = maker.get(f"/automations/{busy.pk}/movings").json()
    assert asked["movings"]
    check(maker, "AutomationMovings", asked)
    check(maker, "Automation", maker.send("POST", f"/automations/{busy.pk}/publish", b"").json())


def test_ways_are_as_the_schema_says(maker: Plugin, busy: Automation) -> None:
    place = f"/automations/{busy.pk}/people"
    page = maker.get(place).json()
    check(maker, "WayPage", page)
    for row in page["results"]:
        check(maker, "WayInFull", maker.get(f"{place}/{row['id']}").json())
    check(maker, "WayInFull", maker.send("POST", f"{place}/{page['results'][0]['id']}/end", b"").json())
