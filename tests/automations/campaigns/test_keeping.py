"""Campaigns as they are kept: drafts, versions, who sends them, and those that a flow brings along."""

import json
from typing import Any

import pytest

from automations import carrying, publishing
from automations.campaigns import inline, keeping
from automations.email import checks, content, sheets
from automations.email.content import ContentError
from automations.flow.mistakes import FlowError
from automations.models import Campaign, CampaignVersion, Sender, Sheet
from automations.refusals import InUse, NameTaken, Stale
from subscriptions.models import Store
from tests.automations.flows import FAILED, flow, go, pay, publish, step, tag
from tests.automations.mails import mail, send, words
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db
HELLO: dict[str, Any] = {"subject": "Hello", "body": "<p>Text</p>", "purpose": "service"}
OF_PAYMENT = HELLO | {"subject": "{{ recurring_payment.name }}"}
TAGGED = {"id": "t1", "on": "tagged", "tag": "vip"}


def campaign(name: str = "Mail", **told: Any) -> Campaign:
    return keeping.create(name=name, draft=HELLO | told)


def test_a_draft_is_kept_clean_and_may_be_incomplete() -> None:
    one = keeping.create(name=" Mail ", draft={"subject": "%CONTACT_FIRST_NAME%", "body": "<p onclick='x'>a<script>b"})
    assert (one.name, one.version) == ("Mail", 0)
    assert one.draft == {"subject": "{{ contact.first_name }}", "body": "<p>a</p>"}
    with pytest.raises(ContentError) as error:
        keeping.put_into_use(keeping.create(name="Empty"))
    assert error.value.errors == {"subject": "is missing", "body": "is missing"}


def test_what_cannot_be_kept_at_all_is_refused_with_its_place() -> None:
    wrong = {"subject": "a\nb", "body": "x" * 400_001, "size": 1, "form": "big", "translations": {"xx": {}}}
    with pytest.raises(ContentError) as error:
        campaign(**wrong)
    assert error.value.errors.keys() == {"subject", "body", "size", "form", "translations.xx"}
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"body": "<p>{{ contact.nme }}</p>"}, "body"),
        ({"body": "<p>{{ contact.{{ contact.email }} }}</p>"}, "body"),
        ({"body": "<p> </p>"}, "body"),
        ({"body": '<p><a href="/relative">x</a></p>'}, "body"),
        ({"body": '<p><a href="#">x</a></p>'}, "body"),
        ({"body": '<p>x<img src="logo.png"></p>'}, "body"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": "a@example.com\nb@example.com"}, "sender"),
        ({"reply_to": "x"}, "reply_to"),
        ({"sender_name": "a@b <c>"}, "sender_name"),
        ({"form": "html", "purpose": "marketing"}, "body"),
        ({"translations": {"fr": {"subject": "Bonjour"}}}, "translations.fr.body"),
        ({"text": "{% if %}"}, "text"),
    ],
)
def test_what_cannot_be_sent_is_said_with_its_place(told: dict[str, Any], path: str) -> None:
    with pytest.raises(ContentError) as error:
        content.read(HELLO | told)
    assert error.value.errors.keys() == {path}


def test_putting_into_use_makes_a_version_once() -> None:
    one = campaign()
    first = keeping.put_into_use(one)
    assert keeping.put_into_use(one) == first
    keeping.save(one, draft=HELLO | {"subject": "Other"})
    assert keeping.put_into_use(one).number == 2
    assert [row.content["subject"] for row in one.versions.all()] == ["Other", "Hello"]


def test_the_second_of_two_who_save_is_told_and_a_name_is_given_once() -> None:
    one, _other = campaign(), campaign("Other")
    keeping.save(one, name="New", seen=1)
    with pytest.raises(Stale):
        keeping.save(one, draft=HELLO | {"subject": "Late"}, seen=1)
    with pytest.raises(NameTaken):
        keeping.save(one, name="OTHER")


def test_payment_tags_are_refused_where_no_payment_starts_the_automation() -> None:
    one = campaign(**OF_PAYMENT)
    with pytest.raises(FlowError) as error:
        publish(step("email", campaign=one.pk), on=TAGGED)
    [(path, words)] = error.value.errors.items()
    assert path == "steps[0].campaign"
    assert "the e-mail “Mail” is not ready: subject: “recurring_payment.name” (line 1) speaks of" in words
    publish(step("email", campaign=one.pk), name="With payments", on=FAILED)


def test_a_tag_is_refused_as_long_as_an_automation_without_payments_sends_it() -> None:
    one = campaign()
    publish(step("email", campaign=one.pk), on=TAGGED, name="Greeting")
    keeping.save(one, draft=OF_PAYMENT)
    with pytest.raises(ContentError) as error:
        keeping.put_into_use(one)
    assert error.value.errors["subject"].endswith("; it is sent by “Greeting”")
    assert keeping.newest(one.pk).content["subject"] == "Hello"  # type: ignore[union-attr]


def test_a_direct_campaign_has_no_payment_to_speak_of() -> None:
    one = keeping.create(name="News", kind=Campaign.Kind.DIRECT, draft=OF_PAYMENT)
    with pytest.raises(ContentError) as error:
        keeping.put_into_use(one)
    assert "speaks of a recurring payment" in error.value.errors["subject"]


def test_an_e_mail_without_its_payment_is_not_sent(store: Store, post: MailServer) -> None:
    one = publish(step("email", campaign=campaign(**OF_PAYMENT).pk), tag("after"), runs="once_a_contact")
    pay(store)
    go()
    one.enrolments.update(payment=None)
    send()
    assert post.inbox == []
    assert [(row.state, row.reason) for row in one.enrolments.all()] == [("parked", "no_payment")]


def test_publishing_puts_the_e_mails_into_use_and_later_drafts_wait(store: Store, post: MailServer) -> None:
    one = campaign()
    automation = publish(step("email", campaign=one.pk))
    keeping.save(one, draft=HELLO | {"subject": "Later"})
    assert keeping.changed([one.pk]) == [Campaign.objects.get()]
    pay(store)
    go()
    send()
    publishing.publish(automation)
    assert keeping.changed([one.pk]) == []
    pay(store, "bob", "sub_2")
    go()
    send()
    assert [sent["Subject"] for sent in post.inbox] == ["Hello", "Later"]


def test_what_automations_send_or_people_got_is_not_deleted(store: Store, post: MailServer) -> None:
    one = campaign()
    automation = publish(step("email", campaign=one.pk), name="Greeting")
    for act in (keeping.delete, keeping.archive):
        with pytest.raises(InUse, match="It is sent by “Greeting”"):
            act(one)
    pay(store)
    go()
    send()
    publishing.archive(automation)
    with pytest.raises(InUse, match="has been sent"):
        keeping.delete(one)
    keeping.archive(one)
    assert Campaign.objects.get().is_archived
    keeping.delete(campaign("Other"))


def test_what_was_prepared_is_made_anew_for_another_sender_only(store: Store, post: MailServer) -> None:
    publish(step("email", campaign=campaign().pk))
    for number in range(3):
        pay(store, f"p{number}", f"sub_{number}")
    go()
    send()
    assert Sheet.objects.count() == 1
    Sender.objects.create(pk=Sender.ONLY, name="Studio", email="hello@studio.example", revision=1)
    pay(store, "p9", "sub_9")
    go()
    send()
    assert Sheet.objects.count() == 2
    assert post.inbox[-1]["From"] == "Studio <hello@studio.example>"
    assert "Studio" in post.inbox[-1].get_body(("html",)).get_content()
    sheets.forget()


def test_a_flow_that_brings_its_e_mails_along_makes_campaigns() -> None:
    one = publishing.create(
        name="Flow",
        draft=flow(
            mail(subject="One"),
            step("if", "i", where={"tag": "x", "op": "has"}, yes=[mail(subject="Two") | {"id": "m2"}]),
        ),
    )
    assert sorted(Campaign.objects.values_list("name", flat=True)) == ["One", "Two"]
    assert type(one.draft["steps"][0]["campaign"]) is int
    assert inline.settle(one.draft) == one.draft


def test_what_no_e_mail_can_be_is_refused_with_its_path_and_makes_nothing() -> None:
    with pytest.raises(FlowError) as error:
        publishing.create(name="Flow", draft=flow(tag("a"), step("email", campaign={"subject": 7})))
    assert error.value.errors.keys() == {"steps[1].campaign.subject"}
    assert not Campaign.objects.exists()


def test_a_copy_of_an_automation_has_e_mails_of_its_own() -> None:
    one = publishing.create(name="Flow", draft=flow(mail(subject="One")))
    copy = publishing.duplicate(one)
    assert copy.draft["steps"][0]["campaign"] != one.draft["steps"][0]["campaign"]
    assert sorted(Campaign.objects.values_list("name", flat=True)) == ["One", "One 2"]


def test_a_file_of_an_automation_carries_its_e_mails() -> None:
    one = publishing.create(name="Flow", draft=flow(mail(subject="One"), tag("a")))
    told = carrying.take_out(one)
    publishing.delete(one)
    Campaign.objects.all().delete()
    again, missing = carrying.bring_in(json.dumps(told), owner=None)
    assert missing == []
    assert Campaign.objects.get(pk=again.draft["steps"][0]["campaign"]).draft["subject"] == "One"


def test_what_is_worth_a_second_look_is_said() -> None:
    read = content.read(HELLO | {"body": "<p>x</p>" * 20_000, "purpose": "marketing"})
    said = " ".join(one.words for one in checks.of_content(read, Sender(pk=1)))
    for part in ("Gmail shows the first 102 KB", "No sender is set up", "No postal address", "no translation"):
        assert part in said
    assert checks.of_content(content.read(HELLO), Sender(pk=1, email="a@example.com"))[0].prevents is False


def test_values_that_may_be_missing_are_named() -> None:
    read = content.read(
        HELLO | {"subject": "{{ recurring_payment.name }} {{ recurring_payment.status | default: 'x' }}"}
    )
    assert checks.tags_without_default(read) == {"name"}


def test_versions_are_numbered_once_each() -> None:
    one = campaign()
    keeping.put_into_use(one)
    assert list(CampaignVersion.objects.values_list("campaign", "number")) == [(one.pk, 1)]


def test_who_reads_plain_text_gets_all_that_is_said(store: Store, post: MailServer) -> None:
    body = '<h1>Hi</h1><p>Look <a href="https://x.example/a">here</a>.</p>'
    publish(step("email", campaign=campaign(body=body, clicks=False).pk))
    pay(store)
    go()
    send()
    assert words(post.inbox[0]).startswith("Hi\n\nLook here (https://x.example/a).")
