"""Labels: put on automations and campaigns, carried along, found again, and gone with their last use."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations import carrying, labels, publishing
from automations.campaigns import keeping
from automations.models import Campaign, Label, Message
from contacts.models import Contact
from tests import html
from tests.automations.flows import flow, step
from tests.people import member

pytestmark = pytest.mark.django_db


def names() -> set[str]:
    return set(Label.objects.values_list("name", flat=True))


@pytest.fixture
def one() -> Any:
    return publishing.create(name="Dunning", draft=flow(step("email", subject="Pay", text="Please")))


def test_a_label_is_one_whatever_its_case_and_blanks(one):
    other = publishing.create(name="Other")
    labels.put(one, ["  Money ", "MONEY", "", "Équipe  Nord"])
    labels.put(other, ["money", "équipe nord"])
    assert labels.names_of(one) == labels.names_of(other) == ["Money", "Équipe Nord"]
    assert not labels.put(one, ["money", "équipe nord"])


def test_a_label_that_nothing_has_any_more_vanishes(one):
    campaign = Campaign.objects.get()
    labels.put(one, ["Money"])
    labels.put(campaign, ["Money", "Mails"])
    labels.put(one, [])
    assert names() == {"Money", "Mails"}
    labels.put(campaign, ["Mails"])
    assert names() == {"Mails"}
    publishing.delete(one)
    keeping.delete(campaign)
    assert names() == set()


def test_copies_and_files_carry_labels_along(one):
    labels.put(one, ["Money"])
    labels.put(Campaign.objects.get(), ["Mails"])
    copy = publishing.duplicate(one)
    assert labels.names_of(copy) == ["Money"]
    told = carrying.take_out(one)
    brought, _missing = carrying.bring_in(json.dumps(told), owner=None)
    assert labels.names_of(brought) == ["Money"]
    assert [labels.names_of(each) for each in Campaign.objects.all()] == [["Mails"]] * 3
    campaign = keeping.duplicate(Campaign.objects.order_by("pk")[0])
    assert labels.names_of(campaign) == ["Mails"]


def test_a_file_with_labels_of_another_shape_is_brought_in_without_them(one):
    told = carrying.take_out(one) | {"labels": {"no": 1}}
    brought, _missing = carrying.bring_in(json.dumps(told), owner=None)
    assert labels.names_of(brought) == []


def test_they_are_chosen_and_made_on_the_pages_and_found_in_the_lists(one):
    client, campaign = Client(), Campaign.objects.get()
    client.force_login(member("Marketer"))
    client.post(reverse("automation_labels", args=[one.pk]), {"new": "Money, Team North"})
    client.post(reverse("campaign_labels", args=[campaign.pk]), {"label": ["Money"]})
    publishing.create(name="Another")
    money = Label.objects.get(name="Money").pk
    listed = html.read(client.get(reverse("automations"), {"label": money}).content)
    assert "Dunning Money Team North" in listed.text
    assert "Another" not in listed.text
    settings = html.read(client.get(reverse("automation_settings", args=[one.pk])).content)
    assert {box.attributes["value"] for box in settings.every("input", name="label", checked=None)} == {
        "Money",
        "Team North",
    }
    campaigns = html.read(client.get(reverse("campaigns"), {"label": money}).content)
    assert "Money" in campaigns.one("table").text
    assert client.get(reverse("campaign", args=[campaign.pk])).status_code == 200
    client.post(reverse("automation_labels", args=[one.pk]), {"label": ["Money"]})
    assert names() == {"Money"}


def test_who_may_only_look_sees_them_and_changes_none(one):
    labels.put(one, ["Money"])
    client = Client()
    client.force_login(member("Viewer"))
    assert client.post(reverse("automation_labels", args=[one.pk]), {"new": "x"}).status_code == 403
    shown = html.read(client.get(reverse("automation_settings", args=[one.pk])).content)
    assert "Money" in shown.text
    assert not shown.every("input", name="label")


def test_when_a_message_was_sent_stays_the_first_time(post, store):
    from automations import resending, sending
    from tests.automations.mailings import people

    people.plan(people.campaign(), people.crowd(1))
    people.work()
    row = Message.objects.get()
    assert row.state == "sent"
    assert row.sent_at is not None
    row.engagements.create(kind="soft_bounced", at=timezone.now())
    assert resending.plan(row)
    Message.objects.update(again_at=timezone.now(), claimed_until=timezone.now())
    sending.send(seconds=60)
    again = Message.objects.get()
    assert again.state == "sent"
    assert again.sent_at == row.sent_at
    assert Contact.objects.get().messages.count() == 1
