"""What comes back for an e-mail: answers, bounces, complaints, and machines; from a mail server's pipe."""

import subprocess
from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest

from automations.email import addresses
from automations.email.receiving import taking
from automations.models import Engagement, Message, Sender
from contacts import privacy, suppressing
from contacts.models import Contact, ContactList, Standing, Suppression
from contacts.services import subscribe
from subscriptions.models import Store
from tests.automations.flows import go, pay, publish
from tests.automations.mails import mail, send
from tests.contacts.mail_server import MailServer
from tests.integrations.running import MANAGE, ROOT, environment

pytestmark = pytest.mark.django_db
DOMAIN = "reply.example"


@pytest.fixture
def message(store: Store, post: MailServer, settings: Any) -> Message:
    """An e-mail that Ada, who is on a list, got."""
    settings.REPLY_DOMAIN = DOMAIN
    Sender.objects.create(pk=Sender.ONLY, name="Studio", email="hello@studio.example", reply_to="team@studio.example")
    publish(mail(about="marketing"))
    pay(store)
    subscribe([Contact.objects.get().pk], ContactList.objects.create(name="News").pk, source="person")
    go()
    send()
    post.inbox.clear()
    return Message.objects.get()


def address(message: Message) -> str:
    return addresses.reply_address(message.number, DOMAIN)


def answer(message: Message, **heads: str) -> EmailMessage:
    made = EmailMessage()
    known = {"From": "Ada <ada@example.com>", "To": address(message), "Subject": "Re: Hello", "Message-ID": "<1@x>"}
    for name, value in (known | {name.replace("_", "-"): value for name, value in heads.items()}).items():
        made[name] = value
    made.set_content("Thank you, but é?\n")
    return made


def report(
    message: Message, *, action: str = "failed", status: str = "5.1.1", kind: str = "delivery-status"
) -> EmailMessage:
    """Write what a mail server reports (RFC 3464), or a mailbox provider (RFC 5965)."""
    told = {
        "delivery-status": (
            "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; ada@example.com\n"
            f"Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 no such\n user here\n"
        ),
        "feedback-report": "Feedback-Type: abuse\nUser-Agent: Example/1\nVersion: 1\n",
    }[kind]
    raw = (
        f"From: MAILER-DAEMON@mx.example.com\nTo: {address(message)}\nSubject: Undelivered\nMessage-ID: <r@mx>\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\nMIME-Version: 1.0\n\n'
        f"--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/{kind}\n\n{told}\n--b--\n"
    )
    return message_from_string(raw, policy=policy.default)  # type: ignore[return-value]


def did() -> list[str]:
    return list(Engagement.objects.order_by("pk").values_list("kind", flat=True))


def test_what_is_sent_is_answered_at_its_own_address_and_comes_from_the_sender(
    message: Message, store: Store, post: MailServer
) -> None:
    pay(store, sub="sub_2")
    go()
    send()
    [sent] = post.inbox
    assert sent["From"] == "Studio <hello@studio.example>"
    number = addresses.read_reply_address(sent["Reply-To"])
    assert number == Message.objects.latest("pk").number
    assert post.senders[-1] == sent["Reply-To"]


def test_an_answer_is_noted_and_passed_on_once(message: Message, post: MailServer) -> None:
    for _time in range(2):
        assert taking.take(answer(message))
    assert did() == ["replied"]
    [passed_on] = post.inbox
    assert (passed_on["To"], passed_on["Reply-To"], passed_on["Subject"]) == (
        "team@studio.example",
        "ada@example.com",
        "Re: Hello",
    )
    assert "Thank you, but é?" in passed_on.get_body(("plain",)).get_content()
    assert [one.get_filename() for one in passed_on.iter_attachments()] == ["original.eml"]


def test_the_address_is_found_in_capitals_and_where_mail_servers_write_it(message: Message, post: MailServer) -> None:
    other = answer(message, X_Original_To=address(message).upper())
    other.replace_header("To", "somebody@example.com")
    assert taking.take(other)
    assert taking.take(answer(message, Message_ID="<2@x>"), [address(message)])
    assert did() == ["replied", "replied"]


@pytest.mark.parametrize("to", ["nobody@reply.example", f"r-{'a' * 45}@reply.example", "", "r-@x", "é@reply.example"])
def test_what_came_to_nobody_is_nobodys(message: Message, post: MailServer, to: str) -> None:
    other = answer(message)
    other.replace_header("To", to)
    assert not taking.take(other)
    assert (did(), post.inbox) == ([], [])


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "away"},
        {"Return_Path": "<>"},
        {"List_Id": "<x.example>"},
        {"X_Ritournelle_Forwarded": "yes"},
    ],
)
def test_machines_that_answer_are_no_people(message: Message, post: MailServer, heads: dict[str, str]) -> None:
    assert taking.take(answer(message, **heads))
    assert (did(), post.inbox) == ([], [])


def test_an_answer_that_cannot_be_passed_on_is_not_noted(message: Message, post: MailServer, settings: Any) -> None:
    settings.MAILERS = {"default": {**settings.MAILERS["default"], "OPTIONS": {"host": "127.0.0.1", "port": 1}}}
    with pytest.raises(OSError):
        taking.take(answer(message))
    assert did() == []


def test_an_address_that_bounces_for_good_gets_nothing_any_more(
    message: Message, store: Store, post: MailServer
) -> None:
    for _time in range(2):
        taking.take(report(message))
    assert did() == ["bounced"]
    found = suppressing.of("ada@example.com")
    assert found
    assert (found.reason, found.detail) == ("bounced", "550 no such user here")
    assert Standing.objects.get().state == "bounced"
    publish(mail(about="service"), name="Other")
    pay(store, sub="sub_3")
    go()
    send()
    assert post.inbox == []
    assert set(Message.objects.exclude(pk=message.pk).values_list("problem", flat=True)) == {"bounced"}


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("relayed", "2.1.5")])
def test_what_may_pass_suppresses_nobody(message: Message, action: str, status: str) -> None:
    assert taking.take(report(message, action=action, status=status))
    assert not Suppression.objects.exists()
    assert did() == []


def test_the_bounce_of_an_address_that_a_person_had_before_is_not_theirs(message: Message) -> None:
    Contact.objects.update(email="new@example.com", email_key="new@example.com")
    taking.take(report(message))
    assert did() == ["bounced"]
    assert not Suppression.objects.exists()
    assert Standing.objects.get().is_subscribed


def test_who_reports_spam_is_on_no_list_and_gets_nothing(message: Message) -> None:
    taking.take(report(message, kind="feedback-report"))
    assert did() == ["complained"]
    assert suppressing.of("ada@example.com").reason == "complained"  # type: ignore[union-attr]
    assert Standing.objects.get().state == "unsubscribed"


def test_a_suppressed_address_stays_so_once_its_person_is_erased(message: Message) -> None:
    taking.take(report(message))
    privacy.erase(Contact.objects.get())
    row = Suppression.objects.get()
    assert (row.email_key, row.detail) == (None, "")
    assert suppressing.of("ada@example.com")
    assert suppressing.lift("ada@example.com")
    assert suppressing.of("ada@example.com") is None


def test_somebody_has_e_mails_sent_again(message: Message, admin_client: Any) -> None:
    taking.take(report(message))
    page = f"/admin/contacts/contact/{Contact.objects.get().pk}/"
    assert "The address bounced" in admin_client.get(f"{page}change/").content.decode()
    admin_client.post(f"{page}send-again/")
    assert not Suppression.objects.exists()
    assert Standing.objects.get().is_subscribed
    assert "The address bounced" not in admin_client.get(f"{page}change/").content.decode()


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"To: x\n" * 10_000, b"Content-Type: multipart/report; report-type=delivery-status\n\n--"],
)
def test_what_is_no_e_mail_is_nobodys(message: Message, raw: bytes) -> None:
    assert not taking.take(message_from_bytes(raw, policy=policy.default))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: \xff\xfe\x00",
        b"From: a b@@ <<\xe9>",
        b"Message-ID: \xff",
        b'Content-Type: text/plain; charset="none"',
        b"Content-Type: ; boundary=\xff",
        b"Cc: :;,<>",
        b"To: undisclosed: \xff@x;",
    ],
)
def test_an_answer_whose_headers_no_standard_knows_is_passed_on_all_the_same(
    message: Message, post: MailServer, head: bytes
) -> None:
    plain = f"Delivered-To: {address(message)}\r\n".encode()
    assert taking.take(message_from_bytes(plain + head + b"\r\n\r\nThank you", policy=policy.default))  # type: ignore[arg-type]
    assert did() == ["replied"]
    assert len(post.inbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_hands_over_and_is_told_what_came_of_it(message: Message, post: MailServer) -> None:
    host, port = post.server_address[:2]

    def hand_over(told: bytes, **more: str) -> int:
        env = environment(REPLY_DOMAIN=DOMAIN, EMAIL_URL=f"smtp://{host}:{port}") | more
        return subprocess.run([*MANAGE, "receive_email"], input=told, cwd=ROOT, env=env, capture_output=True).returncode

    assert hand_over(answer(message).as_bytes()) == 0
    assert hand_over(b"To: nobody@reply.example\n\nHi") == 67
    assert hand_over(answer(message, Message_ID="<9@x>").as_bytes(), EMAIL_URL="smtp://127.0.0.1:1") == 75
    assert did() == ["replied"]
    assert len(post.inbox) == 1
