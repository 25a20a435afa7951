"""E-mails of steps, and having them sent."""

from typing import Any

from django.utils import timezone

from automations import sending
from automations.models import Message
from tests.automations.flows import go, later, step


def mail(**options: Any) -> dict[str, Any]:
    """Write a step that sends an e-mail about somebody's own payment."""
    told = {"subject": "Hello {{ contact.first_name | default: 'you' }}", "text": "Text", "about": "service"}
    return step("email", **told | options)


def send() -> None:
    """Send what waits, and let people go on."""
    Message.objects.filter(state__in=Message.OPEN).update(claimed_until=timezone.now())
    sending.send(seconds=60)
    go(later(days=300))
