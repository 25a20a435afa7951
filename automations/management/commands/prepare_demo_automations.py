"""manage.py prepare_demo_automations: what the demo has of automations, of each state one at least, and a campaign."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from automations import publishing, recipes
from automations.campaigns import keeping
from automations.models import Automation, Campaign

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

# Written, and waiting to be sent to the newsletter's list.
NEWS: dict[str, Any] = {
    "subject": "New this month, {{ contact.first_name | default: 'and for you' }}",
    "other_subject": "Three things that are new this month",
    "preheader": "Pause for a while, change your plan, pay by transfer",
    "body": (
        "<h1>New this month</h1><p>Hello {{ contact.first_name | default: 'there' }},</p><ul><li>Pause your "
        "subscription when you need a break.</li><li>Change your plan at any time.</li><li>Pay by bank transfer.</li>"
        '</ul><p><a class="button" href="https://shop.example/new">See what is new</a></p>'
    ),
    "translations": {
        "fr": {
            "subject": "Du nouveau ce mois-ci, {{ contact.first_name | default: 'pour vous aussi' }}",
            "other_subject": "Trois nouveautés ce mois-ci",
            "preheader": "Faire une pause, changer de formule, payer par virement",
            "body": (
                "<h1>Du nouveau ce mois-ci</h1><p>Bonjour {{ contact.first_name | default: 'à vous' }},</p><ul>"
                "<li>Suspendez votre abonnement quand il vous faut une pause.</li><li>Changez de formule à tout "
                "moment.</li><li>Payez par virement.</li></ul>"
                '<p><a class="button" href="https://shop.example/nouveau">Voir les nouveautés</a></p>'
            ),
        }
    },
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
        keeping.create(name="Monthly news", kind=Campaign.Kind.DIRECT, draft=NEWS, by=owner)
