"""What was sent and done is forgotten after its days, bit by bit, and no number changes by it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations import forgetting
from automations.campaigns import results
from automations.models import Call, CampaignVersion, Engagement, Forgotten, Message, Sheet
from reports.models import DueCell
from reports.performance import counting
from reports.performance import keeping as counts
from tests.people import member
from tests.reports.performance.sent import automation, campaign, did, message, person, way
from tests.statements import statements

pytestmark = pytest.mark.django_db
WRITTEN = "https://shop.example/renew?who={{ contact.email }}&token={{ contact.id }}"


def aged(days: float = 400) -> datetime:
    return timezone.now() - timedelta(days=days)


def sent(who: str, *, days: float = 800, **more: object) -> Message:
    """Send an e-mail, some days ago, and have it opened and clicked."""
    row = message(who, at=aged(days))
    told = {"made_at": aged(days), "email": f"{who}@example.com", "subject": f"Hello {who}", "body": b"x", "text": who}
    Message.objects.filter(pk=row.pk).update(**told | more)
    did(row, "opened", "clicked", "opened", at=aged(days))
    row.refresh_from_db()
    return row


def test_what_was_sent_is_forgotten_after_its_days_and_that_it_was_is_not(settings) -> None:
    settings.KEEP_DAYS = {**settings.KEEP_DAYS, **{"emails": 365}}
    old, young = sent("ada", days=366), sent("bob", days=364)
    forgetting.sweep()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (bytes(old.body), old.subject, old.text, old.email) == (b"", "", "", "")
    assert (old.state, old.contact, old.sent_at is None) == ("sent", person("ada"), False)
    assert (bytes(young.body), young.subject, young.email) == (b"x", "Hello bob", "bob@example.com")


def test_what_may_still_be_sent_is_not_forgotten() -> None:
    waiting, again = sent("ada", state="waiting"), sent("bob", again_at=timezone.now())
    forgetting.sweep()
    assert {*Message.objects.values_list("text", flat=True)} == {waiting.text, again.text}


def test_calls_are_forgotten_with_the_e_mails() -> None:
    call = Call.objects.create(
        enrolment=way(automation(), person()),
        step="a",
        state="sent",
        body="{}",
        detail="x",
        made_at=aged(800),
        status=200,
    )
    forgetting.sweep()
    call.refresh_from_db()
    assert (call.body, call.detail, call.status) == ("", "", 200)


def test_of_what_people_did_the_day_and_the_common_link_stay() -> None:
    row = sent("ada", days=10)
    version = CampaignVersion.objects.create(campaign=campaign(), number=1, content={})
    html = f"{{% link %}}{WRITTEN}{{% endlink %}} {{% link %}}https://shop.example/?a=1{{% endlink %}}"
    Sheet.objects.create(version=version, language="en", sender=0, subject="", html=html, text="")
    at = datetime.combine(aged(500).date(), datetime.min.time(), UTC) + timedelta(hours=23, minutes=59)
    Engagement.objects.all().delete()
    for target in ("https://shop.example/renew?who=ada@example.com&token=7", "https://shop.example/?a=1"):
        Engagement.objects.create(message=row, kind="clicked", at=at, target=target, detail="x")
    Engagement.objects.create(message=row, kind="clicked", at=at, target="https://gone.example/x?who=ada#ada")
    before = results.targets(campaign(), most=9)
    forgetting.sweep()
    kept = Engagement.objects.values_list("target", "at", "detail")
    assert {target for target, _, _ in kept} == {
        "https://shop.example/renew?who=[E-mail]&token=[id]",
        "https://shop.example/?a=1",
        "https://gone.example/x",
    }
    assert {(moment.date(), moment.hour, detail) for _, moment, detail in kept} == {(at.date(), 12, "")}
    assert [(one.people, one.times) for one in results.targets(campaign(), most=9)] == [
        (one.people, one.times) for one in before
    ]


def test_no_number_changes_and_nothing_is_counted_again() -> None:
    for who in ("ada", "bob", "eve"):
        sent(who)
    while counts.work(seconds=1):
        pass
    before = (counting.count(counting.sent(), by=("campaign", "day")), results.figures(campaign()))
    DueCell.objects.all().delete()
    assert forgetting.sweep() == 12
    assert (counting.count(counting.sent(), by=("campaign", "day")), results.figures(campaign())) == before
    assert not DueCell.objects.exists()


def test_it_goes_in_slices_and_what_was_forgotten_costs_nothing(monkeypatch) -> None:
    monkeypatch.setattr(forgetting, "SLICE", 2)
    for who in ("ada", "bob", "eve"):
        sent(who)
    sent("new", days=1)
    looked = []
    while count := forgetting.sweep():
        looked.append(count)
    assert looked == [4, 3, 2, 2, 1]  # three messages, and nine things done with them
    assert {*Message.objects.exclude(text="").values_list("text", flat=True)} == {"new"}
    assert Forgotten.objects.get(kind="messages").until == Message.objects.order_by("-pk")[1].pk
    with statements() as found:
        forgetting.sweep()
    assert not [sql for sql in found if sql.startswith("UPDATE")]


def test_the_page_says_that_it_is_no_longer_kept() -> None:
    row = sent("ada")
    forgetting.sweep()
    client = Client()
    client.force_login(member("Viewer"))
    page = client.get(reverse("campaign_message", args=[row.pk]))
    assert "What it said is no longer kept." in page.content.decode()
