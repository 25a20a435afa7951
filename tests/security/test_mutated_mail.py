"""Whatever comes back for e-mails, from a provider that knows the password or from a mail server: nothing fails."""

from email import policy
from email.parser import BytesParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from automations.email import addresses
from automations.email.receiving import taking
from automations.models import Engagement, Message
from tests.automations.conftest import post, store  # noqa: F401
from tests.automations.email.test_provider import hooks, message, told  # noqa: F401
from tests.automations.email.test_receiving import answer, report
from tests.contacts.mail_server import MailServer
from tests.security.mutations import BODIES, few, mutated, written

pytestmark = pytest.mark.django_db
KINDS = ("Delivery", "Bounce", "SpamComplaint", "Open", "SubscriptionChange")
HEADS = st.sampled_from(["Message-ID", "From", "To", "Subject", "Content-Type", "MIME-Version", "Auto-Submitted", "X"])
VALUES = st.sampled_from(
    [b"", b"\x00", b"\xff\xfe", b"=?utf-8?b?////?=", b"=?x?q?=ff?=", b"<<<>>>", b'"', b"a@b@c", b",,,", b"x" * 3000,
     b"multipart/mixed", b'multipart/report; boundary=""', b"message/rfc822", b"text/plain; charset=none", b"1\r\n 2"]
)  # fmt: skip


@pytest.fixture
def inbound(message: Message) -> dict[str, Any]:  # noqa: F811
    """An answer as Postmark hands it over."""
    to = addresses.reply_address(message.number, "reply.example")
    return {
        "From": "ada@example.com",
        "FromFull": {"Email": "ada@example.com", "Name": "Ada"},
        "ToFull": [{"Email": to, "Name": ""}],
        "OriginalRecipient": to,
        "Subject": "Re: Hello",
        "TextBody": "Thanks",
        "Headers": [{"Name": "Message-ID", "Value": "<1@x>"}],
        "Attachments": [{"Name": "a.txt", "Content": "aGk=", "ContentType": "text/plain"}],
    }


def tell(hooks: Client, kind: str, body: bytes) -> None:  # noqa: F811
    with transaction.atomic():
        answered = hooks.post(f"/hooks/email/postmark/{kind}/", body, content_type="application/json")
        transaction.set_rollback(True)
    assert answered.status_code in (200, 400)


@few
@given(data=st.data())
def test_what_a_provider_tells_may_be_anything(
    hooks: Client,  # noqa: F811
    message: Message,  # noqa: F811
    inbound: dict[str, Any],
    data: st.DataObject,
) -> None:
    event = told(message, data.draw(st.sampled_from(KINDS)), Type="HardBounce", Description="None")
    kind, body = data.draw(st.sampled_from([("tracking", event), ("inbound", inbound)]))
    tell(hooks, kind, written(data.draw(mutated(body))))


def test_what_a_provider_tells_may_be_no_json(hooks: Client, message: Message) -> None:  # noqa: F811
    for kind in ("tracking", "inbound"):
        for body in BODIES.values():
            tell(hooks, kind, body)
    assert not Engagement.objects.exists()


@few
@given(data=st.data())
def test_what_a_mail_server_hands_over_may_be_anything(
    message: Message,  # noqa: F811
    post: MailServer,  # noqa: F811
    data: st.DataObject,
) -> None:
    raw = data.draw(
        st.sampled_from([answer(message), report(message), report(message, kind="feedback-report")])
    ).as_bytes()
    for _ in range(data.draw(st.integers(1, 3))):
        raw = _changed(data, raw)
    with transaction.atomic():
        assert taking.take(BytesParser(policy=policy.default).parsebytes(raw), []) in (True, False)
        transaction.set_rollback(True)


def _changed(data: st.DataObject, raw: bytes) -> bytes:
    """Put a header in front, or anything in the place of a part."""
    if data.draw(st.booleans()):
        return data.draw(HEADS).encode() + b": " + data.draw(VALUES) + b"\r\n" + raw
    start = data.draw(st.integers(0, len(raw)))
    return raw[:start] + data.draw(st.binary(max_size=12) | VALUES) + raw[start + data.draw(st.integers(0, 40)) :]
