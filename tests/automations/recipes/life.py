"""A shop's life while a recipe is active: day by day, with what people find in their mailboxes."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from automations import publishing, recipes, sending
from automations.models import Automation, Message
from automations.recipes import letters
from contacts.models import Contact, ContactList
from contacts.services import subscribe
from subscriptions.models import Store
from tests.automations.flows import go, pay
from tests.contacts.mail_server import MailServer


class Life:
    """Begins now, with a recipe taken and published; `now` is the moment that it has come to."""

    def __init__(self, key: str, store: Store, post: MailServer) -> None:
        self.key, self.store, self.post = key, store, post
        self.start = self.now = timezone.now()
        self.automation: Automation = recipes.take(key)
        publishing.publish(self.automation)
        self.told = 0

    def day(self, days: int) -> datetime:
        """Return the moment so many days after the beginning."""
        return self.start + timedelta(days=days)

    def tell(self, person: str = "ada", sub: str = "", **values: Any) -> None:
        """Have the store tell of somebody's payment; what it leads to at once is done."""
        self.told += 1
        pay(self.store, person, sub or f"sub_{person}", at=self.told, **values)
        self.work()

    def subscribe(self, *people: str) -> None:
        """Have people on a list, so that they may get marketing."""
        news, _ = ContactList.objects.get_or_create(name="News")
        keys = [f"{person}@example.com" for person in people]
        subscribe(Contact.objects.filter(email_key__in=keys).values_list("pk", flat=True), news.pk, source="person")

    def work(self) -> None:
        """Do all that is to be done now."""
        go(self.now)
        while Message.objects.filter(state__in=Message.OPEN).exists():
            Message.objects.filter(state__in=Message.OPEN).update(claimed_until=timezone.now())
            sending.send(seconds=60)
            go(self.now)

    def live(self, days: int = 0, **span: Any) -> None:
        """Let time go by, a day at a time."""
        end = self.now + timedelta(days=days, **span)
        while self.now < end:
            self.now = min(self.now + timedelta(days=1), end)
            self.work()

    def mails(self, person: str = "ada") -> list[str]:
        """Name the recipe's e-mails that somebody has got, in their order."""
        kept = Message.objects.filter(enrolment__contact__email_key=f"{person}@example.com", state="sent")
        arrived = [sent["Subject"] for sent in self.post.inbox if sent["To"] == f"{person}@example.com"]
        assert sorted(arrived) == sorted(kept.values_list("subject", flat=True))
        assert set(kept.values_list("step", flat=True)) <= letters.read(self.key, settings.LANGUAGE_CODE).keys()
        return list(kept.order_by("pk").values_list("step", flat=True))

    def inside(self) -> int:
        """Count who is under way."""
        return self.automation.enrolments.inside().count()
