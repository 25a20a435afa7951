"""The recipes for those who stay as people live through them: who gets in, who does not, and what they get when."""

import pytest

from subscriptions.models import Store
from tests.automations.recipes.life import Life
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


def test_who_pays_by_the_month_is_offered_a_year_after_three_months(store: Store, post: MailServer) -> None:
    life = Life("yearly", store, post)
    monthly = {"billing_interval": "monthly", "billing_interval_count": 1, "start_date": life.day(-85)}
    people = ("ada", "bob", "cy", "dan", "eve")
    for person in ("ada", "bob", "dan", "eve"):
        life.tell(person, **monthly)
    life.tell("cy", **monthly | {"billing_interval": "yearly"})
    life.tell("dan", "second", billing_interval="yearly")
    life.subscribe("ada", "bob", "cy", "dan")
    life.live(7)
    assert [life.mails(person) for person in people] == [["offer"], ["offer"], [], [], []]
    life.tell("bob", **monthly | {"billing_interval": "yearly"})
    life.live(60)
    assert [life.mails(person) for person in people] == [["offer"], ["offer", "thanks"], [], [], []]
    assert life.inside() == 0


def test_each_anniversary_is_thanked_for(store: Store, post: MailServer) -> None:
    life = Life("anniversary", store, post)
    for person in ("ada", "bob", "cy"):
        life.tell(person, start_date=life.day(-365 * 4 + 2))
    life.subscribe("ada", "bob")
    life.tell("bob", status="cancelled")
    life.live(5)
    assert [life.mails(person) for person in ("ada", "bob", "cy")] == [["thanks"], [], []]
    life.live(365)
    assert life.mails("ada") == ["thanks", "thanks"]
