"""manage.py prepare_demo_automations: what the demo has of automations, of each state one at least."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from automations import publishing, recipes
from automations.models import Automation

ACTIVE = ("failed_payment", "renewal_reminder", "welcome", "cancelling", "paused")
PAUSED = "win_back"
# Somebody has begun it, and not seen what is wrong.
UNFINISHED: dict[str, Any] = {
    "triggers": [{"id": "trial", "on": "created", "where": {"field": "is_trial", "op": "is", "value": True}}],
    "runs": "once_a_payment",
    "steps": [
        {"id": "wait", "do": "wait", "for": {"n": 0, "unit": "days"}},
        {
            "id": "tips",
            "do": "email",
            "campaign": {
                "subject": "Three things to try, {{ contact.firstname }}",
                "body": "<p>Hello {{ contact.first_name | default: 'there' }}, here is what others try first.</p>",
                "purpose": "service",
            },
        },
        {"id": "list", "do": "subscribe", "list": 0},
    ],
}


class Command(BaseCommand):
    """Make the demo's automations; where there are some, nothing is changed."""

    help = "Prepare the demo's automations: active ones from recipes, a paused one, and a draft with mistakes."

    @transaction.atomic
    def handle(self, *_: Any, **__: Any) -> None:
        """Take the recipes and publish them; all of it, or nothing."""
        if not settings.SANDBOX:
            raise CommandError("The demo needs SANDBOX=1.")
        if Automation.objects.exists():
            return
        owner = User.objects.filter(username="marketer").first()
        active = {key: recipes.take(key, owner=owner) for key in (*ACTIVE, PAUSED)}
        for one in active.values():
            publishing.publish(one, by=owner)
        publishing.pause(active[PAUSED])
        publishing.create(
            name="Trial tips", description="Helps people to begin their trial", draft=UNFINISHED, owner=owner
        )
