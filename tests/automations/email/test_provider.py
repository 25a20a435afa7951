"""An e-mail provider instead of a mail server: what it is given, what it answers, and what it tells afterwards."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches, include, path

from automations.email import addresses
from automations.models import Engagement, Message
from config import checks
from config.urls import urlpatterns as product
from contacts import suppressing
from contacts.models import Contact, ContactList, Standing
from contacts.services import subscribe
from subscriptions.models import Store
from tests.automations.flows import go, only, pay, publish
from tests.automations.mails import mail, send
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db
urlpatterns = [path("hooks/email/", include("config.email_hooks")), *product]
SECRET = "name:password"
KNOCKS = {"Authorization": f"Basic {base64.b64encode(SECRET.encode()).decode()}"}


class _Provider(BaseHTTPRequestHandler):
    """Postmark's address for e-mails, as far as we use it."""

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append(told)  # type: ignore[attr-defined]
        status, answer = self.server.answer  # type: ignore[attr-defined]
        body = json.dumps(answer | {"To": told["To"]}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider(settings: Any) -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    server.taken, server.answer = [], (200, {"ErrorCode": 0, "Message": "OK", "MessageID": "m-1", "SubmittedAt": "x"})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    options = {"server_token": "secret", "api_url": f"http://127.0.0.1:{server.server_address[1]}/"}
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": options}}
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hooks(settings: Any) -> Iterator[Client]:
    """A provider that knocks at our addresses."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield Client(headers=KNOCKS)
    clear_url_caches()


@pytest.fixture
def message(store: Store, post: MailServer) -> Message:
    publish(mail())
    pay(store)
    subscribe([Contact.objects.get().pk], ContactList.objects.create(name="News").pk, source="person")
    go()
    send()
    return Message.objects.get()


def told(message: Message, kind: str, **more: Any) -> dict[str, Any]:
    """Write what Postmark tells, in the shape that it documents."""
    known = {
        "RecordType": kind,
        "ID": 42,
        "MessageID": "m-1",
        "Email": "ada@example.com",
        "Recipient": "ada@example.com",
    }
    return known | {"Metadata": {"ritournelle_message": str(message.number)}} | more


def tell(hooks: Client, data: dict[str, Any], kind: str = "tracking") -> int:
    return hooks.post(f"/hooks/email/postmark/{kind}/", json.dumps(data), content_type="application/json").status_code


def did() -> list[str]:
    return list(Engagement.objects.order_by("pk").values_list("kind", flat=True))


def test_a_provider_is_given_the_whole_e_mail(store: Store, provider: Any) -> None:
    publish(mail(about="marketing"))
    pay(store)
    subscribe([Contact.objects.get().pk], ContactList.objects.create(name="News").pk, source="person")
    go()
    send()
    [taken] = provider.taken
    assert taken["Subject"] == "Hello you"
    assert "<p" in taken["HtmlBody"]
    assert taken["Metadata"] == {"ritournelle_message": str(Message.objects.get().number)}
    heads = {one["Name"]: one["Value"] for one in taken["Headers"]}
    assert heads["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Message.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [
        (422, {"ErrorCode": 300, "Message": "Invalid email request"}, "failed"),
        (401, {"ErrorCode": 10, "Message": "Bad token"}, "failed"),
        (429, {"ErrorCode": 429, "Message": "Slow down"}, "waiting"),
        (500, {"ErrorCode": 500, "Message": "Sorry"}, "waiting"),
    ],
)
def test_what_a_provider_refuses_is_believed(store: Store, provider: Any, status: int, answer: Any, state: str) -> None:
    provider.answer = (status, answer)
    publish(mail())
    pay(store)
    go()
    send()
    assert Message.objects.get().state == state
    assert only().state == ("parked" if state == "failed" else "active")


def test_bounces_complaints_and_deliveries_are_heeded_once(message: Message, hooks: Client) -> None:
    for _time in range(2):
        assert tell(hooks, told(message, "Delivery", DeliveredAt="2026-11-27T10:00:00Z")) == 200
        assert tell(hooks, told(message, "Bounce", Type="HardBounce", Description="No such user", ID=43)) == 200
    assert did() == ["delivered", "bounced"]
    found = suppressing.of("ada@example.com")
    assert found
    assert (found.reason, found.detail) == ("bounced", "No such user")
    assert tell(hooks, told(message, "SpamComplaint", Type="SpamComplaint", ID=44)) == 200
    assert suppressing.of("ada@example.com").reason == "complained"  # type: ignore[union-attr]
    assert Standing.objects.get().state == "unsubscribed"


@pytest.mark.parametrize(
    "data",
    [
        {"RecordType": "Bounce", "Type": "Transient"},
        {"RecordType": "Bounce", "Type": "HardBounce", "Metadata": {}},
        {"RecordType": "Bounce", "Type": "HardBounce", "Metadata": {"ritournelle_message": "x"}},
        {"RecordType": "Open"},
        {"RecordType": "Something"},
    ],
)
def test_what_passes_or_is_not_ours_changes_nothing(message: Message, hooks: Client, data: dict[str, Any]) -> None:
    assert tell(hooks, told(message, "Bounce") | data) == 200
    assert did() == []


def test_nobody_else_may_tell(message: Message, hooks: Client) -> None:
    stranger = Client()
    assert tell(stranger, told(message, "Bounce", Type="HardBounce")) == 400
    assert did() == []


def test_an_answer_that_a_provider_takes_in_is_passed_on(message: Message, hooks: Client, post: MailServer) -> None:
    to = addresses.reply_address(message.number, "reply.example")
    data = {
        "From": "ada@example.com",
        "FromFull": {"Email": "ada@example.com", "Name": "Ada"},
        "To": to,
        "ToFull": [{"Email": to, "Name": ""}],
        "OriginalRecipient": to,
        "Subject": "Re: Hello",
        "TextBody": "Thanks",
        "Headers": [{"Name": "Message-ID", "Value": "<1@x>"}],
        "Attachments": [],
    }
    for _time in range(2):
        assert tell(hooks, data, "inbound") == 200
    assert did() == ["replied"]
    assert post.inbox[-1]["Subject"] == "Re: Hello"


@pytest.mark.parametrize(
    ("name", "secret", "wrong"),
    [
        ("", "", []),
        ("postmark", SECRET, []),
        ("postmark", "", ["config.E010"]),
        ("pigeon", SECRET, ["config.E009"]),
        ("../x", SECRET, ["config.E009"]),
    ],
)
def test_a_deployer_is_told_what_is_wrong(settings: Any, name: str, secret: str, wrong: list[str]) -> None:
    settings.EMAIL_PROVIDER, settings.ANYMAIL = name, {"WEBHOOK_SECRET": secret}
    assert [one.id for one in checks.email_provider_is_known_and_knocks_with_a_password()] == wrong


@pytest.mark.parametrize(
    "words",
    [
        {"Type": "SoftBounce", "Description": "Mailbox full"},
        {"Type": "HardBounce", "Description": "No such user"},
    ],
)
def test_a_bounce_that_may_pass_is_tried_again_and_suppresses_nobody(
    message: Message, hooks: Client, words: dict[str, str]
) -> None:
    assert tell(hooks, told(message, "Bounce", ID=44, **words)) == 200
    is_soft = words["Type"] == "SoftBounce"
    message.refresh_from_db()
    assert (did(), message.state) == ((["soft_bounced"], "waiting") if is_soft else (["bounced"], "sent"))
    assert bool(suppressing.of("ada@example.com")) is not is_soft
