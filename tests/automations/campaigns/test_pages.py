"""The pages of campaigns: the list, writing one with its preview, a test, versions, the archive, and the sender."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations.campaigns import keeping, results
from automations.models import Campaign, Engagement, Message, Sender
from config.audit.models import Entry
from contacts.models import Contact
from subscriptions.models import RecurringPayment, Store
from tests.automations.flows import FAILED, go, pay, publish, step
from tests.automations.mails import mail, send, words
from tests.contacts.mail_server import MailServer
from tests.people import member

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}
TYPED = {
    "name": "Reminder",
    "subject": "Due {{ recurring_payment.next_payment_date | date: 'long' }}",
    "preheader": "",
    "body": "<p>Hello {{ contact.first_name }}: {{ recurring_payment.payment_amount }}</p>",
    "text": "",
    "form": "designed",
    "purpose": "service",
}
FRENCH = {
    "translations.fr": "on",
    "translations.fr.subject": "Le {{ recurring_payment.next_payment_date | date: 'long' }}",
    "translations.fr.body": "<p>Bonjour {{ contact.first_name }} : {{ recurring_payment.payment_amount }}</p>",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(member("Marketer"))
    return client


@pytest.fixture
def one() -> Campaign:
    return keeping.create(name="Reminder", draft={"subject": "Hello", "body": "<p>Text</p>", "purpose": "service"})


def at(name: str, *ids: Any) -> str:
    return reverse(name, args=ids)


def acts() -> list[str]:
    return list(Entry.objects.exclude(action="signed_in").order_by("pk").values_list("action", flat=True))


def test_the_list_says_who_sends_each_and_how_often(marketer: Client, store: Store, post: MailServer) -> None:
    campaign = keeping.create(name="Hello", draft={"subject": "Hi", "body": "<p>x</p>", "purpose": "service"})
    publish(step("email", campaign=campaign.pk), name="Greeting")
    keeping.create(name="Unused")
    pay(store)
    go()
    send()
    page = marketer.get(at("campaigns")).content.decode()
    assert "Greeting" in page
    assert "no automation" in page
    assert f'{at("campaign_results", campaign.pk)}">1</a>' in page
    assert "Unused" not in marketer.get(at("campaigns") + "?q=HELL").content.decode()


def test_the_list_asks_as_many_questions_for_many_as_for_few(
    marketer: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        keeping.create(name=f"Mail {number}", draft={"subject": "x"})
    with django_assert_max_num_queries(20):
        marketer.get(at("campaigns"))


def test_one_is_made_written_and_put_into_use(marketer: Client) -> None:
    page = marketer.post(at("campaign_new"), {"name": "Reminder"})
    made = Campaign.objects.get()
    assert page.url == at("campaign", made.pk)
    assert marketer.post(at("campaign_new"), {"name": "reminder"}).status_code == 422
    marketer.post(at("campaign", made.pk), TYPED | FRENCH | {"seen": "1", "use": "1"})
    made.refresh_from_db()
    assert made.version == 1
    assert made.draft["translations"]["fr"]["subject"].startswith("Le {{")
    assert acts() == ["added", "changed", "campaign.put_into_use"]
    assert "is sent like this" in marketer.get(at("campaign", made.pk)).content.decode()


def test_a_draft_that_lacks_something_is_kept_and_not_put_into_use(marketer: Client, one: Campaign) -> None:
    marketer.post(at("campaign", one.pk), TYPED | {"subject": "", "use": "1"})
    page = marketer.get(at("campaign", one.pk)).content.decode()
    assert "Mend what is marked first." in page
    assert "Subject: is missing" in page
    one.refresh_from_db()
    assert (one.version, one.draft["subject"]) == (0, "")


def test_what_cannot_be_saved_says_so_at_its_place_and_keeps_what_was_typed(marketer: Client, one: Campaign) -> None:
    answer = marketer.post(
        at("campaign", one.pk), TYPED | {"sender": "x" * 300, "body": "<p {{ contact.email }}>a</p>"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "stands where no tag can stand" in page
    assert TYPED["subject"].replace("'", "&#x27;") in page
    one.refresh_from_db()
    assert one.draft["subject"] == "Hello"


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(marketer: Client, one: Campaign) -> None:
    keeping.save(one, name="Other")
    answer = marketer.post(at("campaign", one.pk), TYPED | {"seen": "1"})
    assert answer.status_code == 409
    assert "while you were working on it" in answer.content.decode()


def preview(client: Client, one: Campaign, **told: Any) -> dict[str, Any]:
    return json.loads(client.post(at("campaign_preview", one.pk), TYPED | FRENCH | told, headers=SCRIPT).content)


def test_it_is_shown_as_somebody_gets_it_with_one_of_their_payments(
    marketer: Client, one: Campaign, store: Store
) -> None:
    values = {"payment_amount": "49", "currency": "EUR", "next_payment_date": "2031-12-03T09:00:00Z", "name": "Pro"}
    pay(store, "ada", **values)
    pay(store, "ada", "sub_2", **values | {"payment_amount": "7", "name": "Box"})
    Contact.objects.update(first_name="Ada", language="fr")
    ada, box = Contact.objects.get(), RecurringPayment.objects.get(name="Box")
    told = preview(marketer, one, q="ada@", contact=ada.pk, payment=box.pk)
    assert told["head"]["subject"] == "Le 3 décembre 2031"
    assert "Bonjour Ada : 7,00" in told["html"].replace("\xa0", " ")
    assert [row["label"] for row in told["payments"]] == ["Box", "Pro"]
    assert told["people"] == [{"name": ada.pk, "label": f"{ada} · ada@example.com"}]
    assert "Hello Ada" in preview(marketer, one, contact=ada.pk, language="en")["html"]
    one.refresh_from_db()
    assert one.draft["subject"] == "Hello"


def test_without_anybody_it_is_shown_for_an_invented_person(marketer: Client, one: Campaign) -> None:
    told = preview(marketer, one)
    assert "Camille" in told["html"]
    assert told["findings"][0]["prevents"] is False


def test_the_preview_can_be_dark_and_says_what_is_missing(marketer: Client, one: Campaign, store: Store) -> None:
    pay(store, "ada")
    assert "@media all" in preview(marketer, one, dark="on")["html"]
    assert "@media not all" in preview(marketer, one)["html"]
    said = [row["words"] for row in preview(marketer, one)["findings"]]
    assert any("is empty in 100 % of the recurring payments" in words for words in said)


def test_nothing_of_people_is_shown_to_who_may_not_see_them(client: Client, one: Campaign, store: Store) -> None:
    pay(store, "ada")
    user = User.objects.create_user("vera", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_campaign"))
    client.force_login(user)
    told = preview(client, one, q="ada", contact=Contact.objects.get().pk)
    assert (told["people"], told["contact"]["label"]) == ([], "Camille")


@pytest.mark.parametrize(
    "typed", [{"subject": "{% if"}, {"body": "<p>{{ a.b }}</p>"}, {"body": "{{ contact.name | divided_by: 2 }}"}]
)
def test_a_preview_of_what_cannot_be_written_says_why(marketer: Client, one: Campaign, typed: dict[str, str]) -> None:
    told = preview(marketer, one, **typed)
    assert told["findings"][-1]["prevents"] is True
    assert told["html"] == ""


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(
    marketer: Client, one: Campaign, store: Store, post: MailServer
) -> None:
    pay(store, "ada")
    User.objects.update(email="marketer@example.com")
    answer = marketer.post(at("campaign_test", one.pk), TYPED | {"contact": Contact.objects.get().pk}, headers=SCRIPT)
    assert answer.json()["is_good"] is True
    [sent] = post.inbox
    assert sent["To"] == "marketer@example.com"
    assert sent["Subject"].startswith("[Test] Due")
    assert "Hello" in words(sent)
    assert acts() == ["campaign.tested"]


def test_a_test_of_what_has_mistakes_is_not_sent(marketer: Client, one: Campaign, post: MailServer) -> None:
    answer = marketer.post(at("campaign_test", one.pk), TYPED | {"subject": ""}, headers=SCRIPT)
    assert (answer.json()["is_good"], post.inbox) == (False, [])


def test_an_earlier_version_becomes_the_draft_again(marketer: Client, one: Campaign) -> None:
    keeping.put_into_use(one)
    keeping.save(one, draft={"subject": "Other", "body": "<p>Text</p>"})
    keeping.put_into_use(one)
    page = marketer.get(at("campaign_versions", one.pk)).content.decode()
    assert "Version 1" in page
    assert "srcdoc" in page
    marketer.post(at("campaign_go_back", one.pk, 1))
    one.refresh_from_db()
    assert (one.draft["subject"], one.version) == ("Hello", 2)


def test_it_is_archived_taken_out_copied_and_deleted(client: Client, one: Campaign) -> None:
    client.force_login(member("Manager"))
    client.post(at("campaign_archive", one.pk))
    assert "Reminder" in client.get(at("campaigns") + "?state=archive").content.decode()
    client.post(at("campaign_take_out", one.pk))
    client.post(at("campaign_duplicate", one.pk))
    assert sorted(Campaign.objects.values_list("name", flat=True)) == ["Reminder", "Reminder 2"]
    assert client.post(at("campaign_delete", one.pk), {"name": "no"}).status_code == 422
    client.post(at("campaign_delete", one.pk), {"name": "Reminder"})
    assert Campaign.objects.get().name == "Reminder 2"
    assert acts() == ["campaign.archived", "campaign.taken_out", "added", "deleted"]


def test_what_is_in_use_says_where_and_stays(client: Client, one: Campaign) -> None:
    client.force_login(member("Manager"))
    publish(step("email", campaign=one.pk), name="Greeting", on=FAILED)
    assert "It is sent by “Greeting”" in client.get(at("campaign_delete", one.pk)).content.decode()
    assert client.post(at("campaign_delete", one.pk), {"name": "Reminder"}).status_code == 422
    assert "It is sent by" in client.post(at("campaign_archive", one.pk), follow=True).content.decode()
    assert Campaign.objects.filter(is_archived=False).exists()


def test_the_builder_makes_one_without_leaving_its_page(marketer: Client) -> None:
    told = marketer.post(at("campaign_new"), {"name": "Welcome"}, headers=SCRIPT).json()
    assert told == {"name": Campaign.objects.get().pk, "label": "Welcome"}
    assert marketer.post(at("campaign_new"), {"name": "Welcome"}, headers=SCRIPT).json()["label"] == "Welcome 2"


def test_results_count_people_once_and_name_them(marketer: Client, store: Store, post: MailServer) -> None:
    campaign = keeping.create(name="Hello", draft={"subject": "Hi", "body": "<p>x</p>", "purpose": "service"})
    publish(step("email", campaign=campaign.pk), name="Greeting")
    page = marketer.get(at("campaign_results", campaign.pk)).content.decode()
    assert "It has not been sent to anybody yet." in page
    for name in ("ada", "bob", "eve"):
        pay(store, name, f"sub_{name}")
    go()
    send()
    ada, bob, eve = (Message.objects.get(email=f"{name}@example.com") for name in ("ada", "bob", "eve"))
    now = timezone.now()
    for message, kind, target, is_machine in [
        (ada, "opened", "", False),
        (ada, "opened", "", False),
        (ada, "clicked", "https://x.example/a", False),
        (ada, "clicked", "https://x.example/a", False),
        (bob, "clicked", "https://x.example/b", False),
        (eve, "opened", "", True),
    ]:
        Engagement.objects.create(message=message, kind=kind, target=target, is_machine=is_machine, at=now)
    counted = results.figures(campaign)
    assert (counted.sent, counted.opened, counted.by_machines, counted.clicked) == (3, 2, 1, 2)
    assert [(one.address[-1], one.people, one.times) for one in results.targets(campaign, most=9)] == [
        ("a", 1, 2),
        ("b", 1, 1),
    ]
    page = marketer.get(at("campaign_results", campaign.pk) + "?did=opened").content.decode()
    assert "66.7 %" in page
    assert "1 more e-mail was opened only by a program" in page
    assert ("ada@example.com" in page, "eve@example.com" in page) == (True, False)
    assert "https://x.example/a" in page


def test_links_with_a_person_s_own_values_are_counted_as_one(marketer: Client, store: Store, post: MailServer) -> None:
    body = (
        '<p><a href="https://x.example/pay?for={{ contact.email }}&amp;a=1">Pay</a> <a href="https://x.example/">x</a>'
        ' <a href="{{ recurring_payment.name }}">y</a></p>'
    )
    campaign = keeping.create(name="Pay", draft={"subject": "Hi", "body": body, "purpose": "service"})
    publish(step("email", campaign=campaign.pk))
    for name in ("ada", "bob"):
        pay(store, name, f"sub_{name}", name="https://y.example/" + name)
    go()
    send()
    for message in Message.objects.all():
        name = message.email.partition("@")[0]
        for target in (f"https://x.example/pay?for={name}%40example.com&a=1", f"https://y.example/{name}"):
            Engagement.objects.create(message=message, kind="clicked", target=target, at=timezone.now())
        Engagement.objects.create(message=message, kind="clicked", target="https://x.example/", at=timezone.now())
    found = {one.address: (one.people, one.times) for one in results.targets(campaign, most=9)}
    assert found == {
        "https://x.example/pay?for=[E-mail]&a=1": (2, 2),
        "https://x.example/": (2, 2),
        "[Name]": (2, 2),
    }
    assert "https://x.example/pay?for=[E-mail]" in marketer.get(at("campaign_results", campaign.pk)).content.decode()


def test_who_was_held_back_is_named_with_the_reason(marketer: Client, store: Store, post: MailServer) -> None:
    campaign = keeping.create(name="News", draft={"subject": "Hi", "body": "<p>x</p>"})
    publish(step("email", campaign=campaign.pk))
    pay(store)
    go()
    send()
    page = marketer.get(at("campaign_results", campaign.pk) + "?did=held_back").content.decode()
    assert "They are subscribed to no list" in page


def test_a_contact_s_page_tells_of_their_e_mails(marketer: Client, store: Store, post: MailServer) -> None:
    publish(mail(subject="Hello"))
    pay(store)
    go()
    send()
    Engagement.objects.create(message=Message.objects.get(), kind="opened", at=timezone.now())
    page = marketer.get(reverse("admin:contacts_contact_change", args=[Contact.objects.get().pk])).content.decode()
    assert "rt-emails-title" in page
    assert "Opened" in page


SENDER = {
    "name": "Studio",
    "email": "hello@studio.example",
    "accent": "#112233",
    "background": "#ffffff",
    "per_minute": "600",
}


def test_the_sender_is_saved_with_a_logo_that_everybody_may_load(client: Client) -> None:
    client.force_login(member("Manager"))
    logo = SimpleUploadedFile("logo.svg", PNG)
    assert client.post(at("sender"), SENDER | {"logo_file": logo}).status_code == 302
    kept = Sender.objects.get()
    assert (kept.name, kept.revision, kept.logo_type) == ("Studio", 1, "image/png")
    answer = Client().get(at("logo", kept.logo_name))
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    client.post(at("sender"), SENDER | {"without_logo": "on"})
    assert Client().get(at("logo", kept.logo_name)).status_code == 404
    assert Client().get("/e/logo/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "A <b>"},
        {"name": "{{ contact.email }}"},
        {"name": "A\r\nBcc: eve@example.com"},
        {"email": "a@example.com\nBcc: eve@example.com"},
        {"postal_address": "{% for %}"},
        {"accent": "red"},
        {"per_minute": "0"},
        {"email": "x"},
        {"website": "javascript:alert(1)"},
        {"logo_file": SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")},
        {"logo_file": SimpleUploadedFile("logo.png", PNG * 3000)},
    ],
)
def test_what_no_sender_has_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    client.force_login(member("Manager"))
    assert client.post(at("sender"), SENDER | wrong).status_code == 422
    assert not Sender.objects.exists()
