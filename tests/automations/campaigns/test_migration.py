"""What the e-mail steps of older automations said becomes campaigns, and goes on being sent."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from automations.email import content
from automations.flow import reading
from automations.models import Automation, AutomationVersion, Campaign
from tests.automations.flows import ACTIVE, FAILED, days, flow, step

pytestmark = pytest.mark.django_db
FRENCH = {"subject": "Bonjour", "text": "Salut,\n\nA & B"}


def old(id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "do": "email", "subject": "Hello {{ contact.first_name }}", "text": text, **more}


def made(draft: Any, *published: Any) -> Automation:
    one = Automation.objects.create(name="Flow", draft=draft, version=len(published))
    for number, told in enumerate(published, 1):
        AutomationVersion.objects.create(automation=one, number=number, flow=told)
    return one


def test_each_step_has_a_campaign_with_a_version_for_each_text_that_was_published() -> None:
    first = flow(
        old("m", "One"), step("if", "i", where=ACTIVE, yes=[old("n", "Two", about="service")], no=[]), on=FAILED
    )
    second = flow(old("m", "Three", translations={"fr": FRENCH}), days(1), on=FAILED)
    one = made(second, first, second)
    import_module("automations.migrations.0005_e_mails_of_steps_become_campaigns").forwards(apps, None)
    one.refresh_from_db()
    mail, other = Campaign.objects.order_by("pk")
    assert (mail.name, other.name) == ("Flow: Hello [first_name]", "Flow: Hello [first_name] 2")
    assert [row.content["body"] for row in mail.versions.order_by("number")] == ["<p>One</p>", "<p>Three</p>"]
    assert (mail.version, mail.draft) == (2, mail.versions.get(number=2).content)
    assert other.draft["purpose"] == "service"
    assert mail.draft["translations"]["fr"]["body"] == "<p>Salut,</p><p>A &amp; B</p>"
    assert one.draft == one.versions.get(number=2).flow
    assert one.draft["steps"][0] == {"id": "m", "do": "email", "campaign": mail.pk}
    assert one.versions.get(number=1).flow["steps"][1]["yes"][0]["campaign"] == other.pk
    reading.read(one.draft)
    assert content.read(mail.draft).words.subject == "Hello {{ contact.first_name }}"


def test_a_draft_that_says_something_else_waits_and_one_without_e_mails_stays() -> None:
    one = made(flow(old("m", "New"), on=FAILED), flow(old("m", "Old"), on=FAILED))
    import_module("automations.migrations.0005_e_mails_of_steps_become_campaigns").forwards(apps, None)
    one.refresh_from_db()
    campaign = Campaign.objects.get()
    assert (campaign.version, campaign.draft["body"]) == (1, "<p>New</p>")
    assert campaign.versions.get().content["body"] == "<p>Old</p>"
    import_module("automations.migrations.0005_e_mails_of_steps_become_campaigns").forwards(apps, None)
    assert Campaign.objects.count() == 1
