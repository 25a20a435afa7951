"""Lists that ask people to confirm: the e-mail over real SMTP, its link, and what becomes of a standing."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts import confirming, merging, privacy, tasks
from contacts.models import IMPORT, MARKETER, VALID, Confirmation, Contact, ContactList, Standing
from contacts.services import bounce, subscribe, unsubscribe
from tests.contacts.importing.files import imported
from tests.contacts.mail_server import mail_server
from tests.html import read
from tests.people import member
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return ContactList.objects.create(name="Letter\nof the month", double_opt_in=True)


@pytest.fixture
def ada():
    return Contact.objects.create(first_name="Ada", email="Ada@Example.com", email_key="ada@example.com")


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.MAILERS = running.mailers
        settings.PUBLIC_URL = "https://pay.example"
        yield running


def _asked(contact, contact_list, **options):
    subscribe([contact.pk], contact_list.pk, source="Shop", **options)


def _sent(server):
    confirming.send(seconds=5)
    return server.inbox


def _link(message):
    [link] = re.findall(r"https://pay\.example(/\S+)", message.get_content())
    return link


def _state(contact):
    return contact.standings.values_list("state", "source").get()


def _due_now():
    Confirmation.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))


# ---- asking


@pytest.mark.parametrize("source", ["Shop", MARKETER, IMPORT])
def test_whoever_is_subscribed_by_anybody_is_unconfirmed_and_asked_once(letter, ada, source):
    for _ in range(2):
        subscribe([ada.pk], letter.pk, source=source, overrules=False)
    assert _state(ada) == ("unconfirmed", source)
    assert Confirmation.objects.count() == 1


def test_an_import_subscribes_at_once_only_where_the_list_does_not_ask(letter, ada):
    plain = ContactList.objects.create(name="Plain")
    for one in (letter, plain):
        imported("email\nada@example.com\nbob@example.com\n", contact_list=one)
    assert set(letter.standings.values_list("state", flat=True)) == {"unconfirmed"}
    assert set(plain.standings.values_list("state", flat=True)) == {"subscribed"}
    assert Confirmation.objects.count() == 2


def test_who_is_subscribed_stays_so_when_a_list_begins_to_ask(ada):
    letter = ContactList.objects.create(name="Letter")
    _asked(ada, letter)
    ContactList.objects.update(double_opt_in=True)
    _asked(ada, letter)
    assert (_state(ada), Confirmation.objects.count()) == (("subscribed", "Shop"), 0)


def test_who_unsubscribed_is_asked_again_only_by_whose_word_counts(letter, ada):
    _asked(ada, letter)
    unsubscribe([ada.pk], letter.pk, source=MARKETER)
    _asked(ada, letter, overrules=False)
    assert _state(ada) == ("unsubscribed", MARKETER)
    _asked(ada, letter)
    assert _state(ada) == ("unconfirmed", "Shop")


def test_who_has_no_e_mail_cannot_be_asked(letter):
    nobody = Contact.objects.create(first_name="Nobody")
    _asked(nobody, letter)
    assert (_state(nobody)[0], Confirmation.objects.count()) == ("unconfirmed", 0)


def test_five_hundred_people_are_asked_in_as_many_statements_as_two(letter):
    counts = []
    for size in (2, 500):
        people = Contact.objects.bulk_create(
            Contact(email=f"{size}-{n}@example.com", email_key=f"{size}-{n}@example.com") for n in range(size)
        )
        with statements() as found:
            subscribe([one.pk for one in people], letter.pk, source="Shop")
        counts.append(len(found))
    assert counts[0] == counts[1] <= 6


# ---- the e-mail


def test_the_e_mail_asks_in_the_account_s_language_and_its_link_says_nothing(server, letter, ada):
    _asked(ada, letter)
    [message] = _sent(server)
    assert (message["To"], message["Subject"]) == ("Ada@Example.com", "Please confirm: Letter of the month")
    assert "The link counts for 30 days." in message.get_content()
    link = _link(message)
    assert not any(word in link.casefold() for word in ("ada", "letter", "example"))
    row = Confirmation.objects.get()
    assert (row.state, row.email) == ("sent", "Ada@Example.com")


def test_a_person_whose_language_is_known_is_asked_in_it(server, letter, ada):
    Contact.objects.update(language="fr")
    _asked(ada, letter)
    [message] = _sent(server)
    assert message["Subject"] == "Merci de confirmer\u00a0: Letter of the month"


def test_what_is_sent_is_not_sent_again(server, letter, ada):
    _asked(ada, letter)
    for _ in range(3):
        _sent(server)
        _due_now()
    assert len(server.inbox) == 1


def test_who_unsubscribed_before_it_went_out_gets_none(server, letter, ada):
    _asked(ada, letter)
    unsubscribe([ada.pk], letter.pk, source=MARKETER)
    assert _sent(server) == []
    assert Confirmation.objects.get().state == "needless"


def test_a_server_that_is_away_is_tried_again(settings, letter, ada):
    with mail_server() as running:
        settings.MAILERS = running.mailers
    _asked(ada, letter)
    assert confirming.send(seconds=5) is False
    row = Confirmation.objects.get()
    assert (row.failures, confirming.is_waiting()) == (1, False)
    with mail_server() as running:
        settings.MAILERS = running.mailers
        _due_now()
        confirming.send(seconds=5)
        assert len(running.inbox) == 1


def test_an_address_that_is_refused_for_good_is_bounced(server, letter, ada):
    server.answers["RCPT"] = "550 no such user"
    _asked(ada, letter)
    assert _sent(server) == []
    assert (Confirmation.objects.get().state, _state(ada)) == ("failed", ("bounced", "mail server"))


@pytest.mark.parametrize("answers", [{"RCPT": "450 later"}, {"DATA": "451 later"}, {"MAIL": "421 busy"}])
def test_what_is_refused_for_now_is_tried_again(server, letter, ada, answers):
    server.answers |= answers
    _asked(ada, letter)
    assert _sent(server) == []
    assert (Confirmation.objects.get().state, _state(ada)[0]) == ("waiting", "unconfirmed")
    server.answers.clear()
    _due_now()
    assert len(_sent(server)) == 1


def test_a_message_that_is_refused_for_good_is_no_bounce(server, letter, ada):
    server.answers["DATA"] = "554 looks like spam"
    _asked(ada, letter)
    _sent(server)
    assert (Confirmation.objects.get().state, _state(ada)[0]) == ("failed", "unconfirmed")


def test_where_nobody_knows_whether_it_was_sent_it_is_not_sent_again(server, letter, ada):
    server.hangs_up = True
    _asked(ada, letter)
    _sent(server)
    assert (Confirmation.objects.get().state, Confirmation.objects.get().problem) == ("failed", "unknown")
    server.hangs_up = False
    _due_now()
    assert _sent(server) == []


def test_of_one_who_died_before_handing_over_it_is_sent_and_of_one_who_died_after_it_is_not(server, letter, ada):
    bob = Contact.objects.create(email="bob@example.com", email_key="bob@example.com")
    for one in (ada, bob):
        _asked(one, letter)
    long_ago = timezone.now() - timedelta(minutes=5)
    died = Confirmation.objects.filter(contact=ada)
    died.update(state="handed", claim="of the dead", claimed_until=long_ago)
    Confirmation.objects.filter(contact=bob).update(state="running", claim="of the dead", claimed_until=long_ago)
    confirming.sweep()
    assert [message["To"] for message in _sent(server)] == ["bob@example.com"]
    assert died.get().problem == "unknown"


def test_a_name_that_would_be_a_header_is_none(server, ada):
    letter = ContactList.objects.create(name="Letter\r\nBcc: all@example.com", double_opt_in=True)
    _asked(ada, letter)
    [message] = _sent(server)
    assert (message["Bcc"], message["Subject"]) == (None, "Please confirm: Letter Bcc: all@example.com")


@pytest.mark.django_db(transaction=True)
def test_several_processes_send_each_message_once(server, letter):
    people = Contact.objects.bulk_create(
        Contact(email=f"p{n}@example.com", email_key=f"p{n}@example.com") for n in range(30)
    )
    subscribe([one.pk for one in people], letter.pk, source="Shop")

    def work():
        confirming.send(seconds=30)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message["To"] for message in server.inbox) == sorted(one.email for one in people)
    assert set(Confirmation.objects.values_list("state", flat=True)) == {"sent"}


def test_the_sweep_has_sent_what_waits(letter, ada, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.send_confirmations, "apply_async", lambda **_: rung.append(1))
    tasks.sweep()
    _asked(ada, letter)
    tasks.sweep()
    assert rung == [1]


# ---- the link


@pytest.fixture
def link(server, letter, ada):
    _asked(ada, letter)
    return _link(_sent(server)[0])


def test_looking_confirms_nothing_and_the_button_does_however_often(link, ada):
    stranger = Client()
    page = stranger.get(link)
    assert "Do you want e-mails of “Letter" in page.content.decode()
    assert "ada" not in page.content.decode().casefold()
    assert _state(ada)[0] == "unconfirmed"
    for _ in range(2):
        assert "Thank you, you are subscribed" in stranger.post(link).content.decode()
        assert _state(ada) == ("subscribed", "person")
    since = Standing.objects.get().changed_at
    stranger.post(link)
    assert Standing.objects.get().changed_at == since


def test_the_button_is_a_form_that_no_other_site_can_press(link):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(link).status_code == 403
    token = read(stranger.get(link).content).one("input", name="csrfmiddlewaretoken").attributes["value"]
    assert stranger.post(link, {"csrfmiddlewaretoken": token}).status_code == 200


def test_a_link_counts_for_thirty_days(link, ada):
    Confirmation.objects.update(asked_at=timezone.now() - VALID + timedelta(minutes=1))
    assert Client().get(link).status_code == 200
    Confirmation.objects.update(asked_at=timezone.now() - VALID - timedelta(minutes=1))
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 410
        assert "This link counts no longer" in answer.content.decode()
    assert _state(ada)[0] == "unconfirmed"


def test_who_unsubscribed_since_is_not_subscribed_by_an_old_link(link, letter, ada):
    Client().post(link)
    unsubscribe([ada.pk], letter.pk, source="Shop")
    assert Client().post(link).status_code == 410
    assert _state(ada)[0] == "unsubscribed"


def test_a_link_to_an_e_mail_that_is_theirs_no_more_confirms_nothing(link, ada):
    Contact.objects.update(email="other@example.com", email_key="other@example.com")
    assert Client().post(link).status_code == 410
    assert _state(ada)[0] == "unconfirmed"


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "é", "x" * 5000])
def test_a_link_that_we_never_wrote_leads_nowhere(token):
    answer = Client().get(f"/confirm/{token}/")
    assert answer.status_code == 404
    assert "This link leads nowhere" in answer.content.decode()


def test_a_link_that_was_changed_leads_nowhere(link):
    token, signature = link.strip("/").split("/")[1].split(".", 1)
    assert Client().get(f"/confirm/{token}.{signature[::-1]}/").status_code == 404
    assert Client().get(f"/confirm/{token[::-1]}.{signature}/").status_code == 404


def test_the_page_speaks_the_reader_s_language(link):
    page = Client(headers={"accept-language": "fr"}).get(link).content.decode()
    assert "Oui, m’abonner" in page


# ---- elsewhere


def test_a_merged_person_can_still_confirm_and_is_asked_once(link, letter, ada):
    countess = Contact.objects.create(email="countess@example.com", email_key="countess@example.com")
    merging.merge(countess.pk, ada.pk)
    assert Client().post(link).status_code == 200
    assert _state(countess) == ("subscribed", "person")


def test_two_who_wait_for_the_same_list_and_are_merged_wait_once(letter, ada):
    bob = Contact.objects.create(email="bob@example.com", email_key="bob@example.com")
    for one in (ada, bob):
        _asked(one, letter)
    merging.merge(ada.pk, bob.pk)
    assert Confirmation.objects.get().contact == ada


def test_what_was_asked_is_exported_and_erased(link, ada):
    [told] = privacy.export(ada)["confirmations"]
    assert told["email"] == "Ada@Example.com"
    assert Confirmation.objects.get().token not in str(told)
    privacy.erase(ada)
    assert not Confirmation.objects.exists()


def test_links_that_expired_long_ago_are_thrown_away(link):
    confirming.sweep()
    assert Confirmation.objects.exists()
    Confirmation.objects.update(asked_at=timezone.now() - 2 * VALID)
    confirming.sweep()
    assert not Confirmation.objects.exists()


def test_who_is_unsubscribed_does_not_bounce(letter, ada):
    _asked(ada, letter)
    unsubscribe([ada.pk], letter.pk, source="Shop")
    bounce(ada.pk, letter.pk)
    assert _state(ada) == ("unsubscribed", "Shop")


# ---- the contact's page


@pytest.fixture
def marketer(client):
    client.force_login(member("Marketer"))
    return client


def _stand(client, contact, contact_list, state, **told):
    address = reverse("admin:contact_stand", args=[contact.pk])
    return client.post(address, {"list": contact_list.pk, "state": state, **told}, follow=True).content.decode()


def test_a_marketer_s_subscribing_asks_and_says_so_and_asks_again(server, marketer, letter, ada):
    for count in (1, 2):
        page = _stand(marketer, ada, letter, "subscribed")
        assert "Ada is asked by e-mail to confirm" in page
        assert "Send the e-mail again" in page
        assert len(_sent(server)) == count


def test_a_marketer_confirms_by_hand_with_a_reason(marketer, letter, ada):
    _asked(ada, letter)
    assert "Say how you know that the person agreed." in _stand(marketer, ada, letter, "confirmed", reason=" ")
    assert _state(ada)[0] == "unconfirmed"
    page = _stand(marketer, ada, letter, "confirmed", reason="signed at the fair <b>")
    assert _state(ada) == ("subscribed", MARKETER)
    assert "by a marketer, " in page
    assert "signed at the fair &lt;b&gt;" in page


def test_confirming_by_hand_does_not_bring_back_who_unsubscribed(marketer, letter, ada):
    _asked(ada, letter)
    unsubscribe([ada.pk], letter.pk, source="Shop")
    assert "is unsubscribed from" in _stand(marketer, ada, letter, "confirmed", reason="x")
    assert _state(ada)[0] == "unsubscribed"


def test_a_viewer_confirms_nobody(client, letter, ada):
    _asked(ada, letter)
    client.force_login(member("Viewer"))
    _stand(client, ada, letter, "confirmed", reason="x")
    assert _state(ada)[0] == "unconfirmed"
