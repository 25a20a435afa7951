"""E-mails of steps, and having them sent."""

from typing import Any

from django.utils import timezone

from automations import sending
from automations.email import kept
from automations.models import Message
from tests.automations.flows import go, later, step


def mail(**options: Any) -> dict[str, Any]:
    """Write a step that sends an e-mail about somebody's own payment."""
    told = {"subject": "Hello {{ contact.first_name | default: 'you' }}", "text": "Text", "about": "service"}
    return step("email", **told | options)


def words(sent: Any) -> str:
    """Return the plain text of an e-mail that has arrived."""
    return _plain(str(sent.get_body(("plain",)).get_content()))


def kept_text(message: Message) -> str:
    """Return the plain text that is kept of a message."""
    return _plain(kept.of(message)[1])


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\xa0", " ").replace("\u202f", " ").strip()


def send() -> None:
    """Send what waits, and let people go on."""
    Message.objects.filter(state__in=Message.OPEN).update(claimed_until=timezone.now())
    sending.send(seconds=60)
    go(later(days=300))
