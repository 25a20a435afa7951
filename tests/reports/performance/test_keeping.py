"""The counts that are kept are those that counting everything gives, whatever happens in whatever order."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from automations.models import Automation, Engagement, Enrolment, Message, Passage
from contacts import merging, privacy
from reports.models import DueCell
from reports.performance import counting, keeping
from reports.performance.triggers import TRIGGERS
from tests.reports.performance.kept import every_way, everything, kept, kept_ways
from tests.reports.performance.sent import NOON, automation, campaign, did, later, message, person

KINDS = [kind for kind, _words in Engagement.Kind.choices]


def settle() -> None:
    """Count all that is due."""
    while keeping.work(seconds=60):
        pass


@pytest.mark.django_db
def test_what_was_sent_and_done_is_counted_by_day_campaign_and_automation():
    first, second = message("ada"), message("bob", at=later(days=1))
    direct = message("cid", of=campaign("News", "direct"))
    message("dora", at=None)
    did(first, "opened", "opened", "clicked")
    did(second, "opened", is_machine=True)
    did(direct, "clicked", "unsubscribed")
    settle()
    assert kept() == everything()
    assert len(kept()) == 3
    assert kept()[(direct.campaign_id, 0, date(2026, 3, 2))].opened == 1
    assert not DueCell.objects.exists()


@pytest.mark.django_db
def test_only_what_something_happened_to_is_counted_again(django_assert_max_num_queries):
    for number in range(20):
        message(f"p{number}", of=campaign(f"Mail {number}"))
    settle()
    did(Message.objects.all()[3], "opened")
    with django_assert_max_num_queries(16):
        settle()
    assert kept() == everything()


@pytest.mark.django_db
def test_whoever_is_erased_is_counted_no_more_and_whoever_is_merged_still_is():
    gone, merged = message("ada"), message("bob")
    did(gone, "opened")
    did(merged, "clicked")
    settle()
    privacy.erase(gone.contact)
    merging.merge(person("cid").pk, merged.contact_id)
    settle()
    assert kept() == everything()
    assert [one.sent for one in kept().values()] == [1]


@pytest.mark.django_db
def test_no_cell_stays_of_what_is_gone_altogether():
    row = message("ada")
    settle()
    Message.objects.filter(pk=row.pk).delete()
    settle()
    assert kept() == {}


@pytest.mark.django_db
def test_counts_follow_the_days_of_the_account(settings):
    row = message("ada", at=NOON.replace(hour=23))
    settle()
    assert [day for _campaign, _automation, day in kept()] == [date(2026, 3, 2)]
    settings.TIME_ZONE = "Pacific/Auckland"
    assert not keeping.standing().is_whole
    settle()
    assert [day for _campaign, _automation, day in kept()] == [date(2026, 3, 3)]
    assert keeping.standing().is_fresh
    did(row, "opened")
    settle()
    assert kept() == everything()


@pytest.mark.django_db
def test_a_note_stands_in_the_transaction_of_the_fact_and_is_undone_with_it():
    row = message("ada")
    settle()
    with transaction.atomic():
        did(row, "opened")
        assert DueCell.objects.count() == 1
    settle()
    with transaction.atomic():
        did(row, "clicked")
        transaction.set_rollback(True)
    assert not DueCell.objects.exists()


@pytest.mark.django_db
def test_sql_of_anybody_leaves_a_note_too():
    row = message("ada")
    settle()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO automations_engagement (message_id, kind, at, is_machine, target, detail, hit) "
            "VALUES (%s, 'opened', CURRENT_TIMESTAMP, %s, '', '', %s)",
            [row.pk, False, "0" * 32],
        )
    settle()
    assert kept() == everything()
    assert next(iter(kept().values())).opened == 1


@pytest.mark.django_db
def test_what_changes_no_count_leaves_no_note():
    row = message("ada")
    settle()
    Message.objects.update(state="waiting", claim="x", subject="Other", contact=person("bob"))
    row.refresh_from_db()
    row.save()
    assert not DueCell.objects.exists()


@pytest.mark.django_db
def test_the_triggers_are_there_and_come_back():
    assert TRIGGERS.missing() == set()


class OfAutomations:
    """A migration, as far as it is asked."""

    app_label = "automations"


@pytest.mark.django_db
def test_migrations_of_what_is_counted_find_no_triggers_and_have_everything_counted_again():
    settle()
    plan = [(OfAutomations(), False)]
    TRIGGERS.put_aside(plan=plan)
    assert len(TRIGGERS.missing()) == 13
    TRIGGERS.set_up()
    assert TRIGGERS.missing() == set()
    assert not keeping.standing().is_whole
    settle()
    assert keeping.standing().is_fresh


@pytest.mark.django_db
def test_whoever_opens_a_page_has_little_counted_at_once_and_is_told_of_much(monkeypatch):
    row = message("ada")
    assert keeping.freshen().is_fresh
    assert kept() == everything()
    monkeypatch.setattr(keeping, "BIGGEST", 0)
    did(row, "opened")
    standing = keeping.freshen()
    assert standing.is_whole
    assert standing.since is not None
    settle()
    assert keeping.standing().is_fresh


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("send", "do", "machine", "erase", "delete", "count", "pass", "end", "drop")),
        st.integers(0, 5),
        st.integers(),
    ),
    max_size=25,
)


def _go(one: Enrolment, act: str, more: int) -> None:
    """Have somebody pass a step, or their way end."""
    at = NOON + timedelta(hours=more % 90)
    if act == "pass":
        told = {"version": one.version, "outcome": ("done", "reached")[more % 2], "arrived_at": NOON, "left_at": at}
        Passage.objects.get_or_create(enrolment=one, step=f"s{more % 3}", defaults=told)
    else:
        state = ("finished", "ended", "active")[more % 3]
        ended_at = None if state == "active" else at
        Enrolment.objects.filter(pk=one.pk).update(state=state, ended_at=ended_at, step=f"s{more % 3}")


class Sequences(TestCase):
    """After any sequence of acts the kept counts are those of everything."""

    @given(ACTS)
    def test_any_sequence(self, acts: list[tuple[str, int, int]]) -> None:
        """Do the acts, and count."""
        for act, who, more in acts:
            rows = list(Message.objects.order_by("pk"))
            row = rows[more % len(rows)] if rows else None
            if act == "send":
                kind = ("automated", "direct")[more % 3 == 0]
                of = campaign(f"{kind} {more % 2}", kind)
                message(f"p{who}", at=NOON + timedelta(hours=more % 40), of=of, by=automation(f"Flow {who % 2}"))
            elif act == "count":
                keeping.work(seconds=60)
            elif act == "drop":
                Automation.objects.filter(name=f"Flow {who % 2}").delete()
            elif act in ("pass", "end") and (one := Enrolment.objects.order_by("pk").last()):
                _go(one, act, more)
            elif row and act == "erase":
                privacy.erase(row.contact)
            elif row and act == "delete":
                row.engagements.all().delete()
            elif row:
                did(row, KINDS[more % len(KINDS)] if act == "do" else "opened", is_machine=act == "machine")
        settle()
        assert kept() == everything()
        assert kept_ways() == every_way()
        assert counting.count(counting.sent(), by=("campaign", "automation", "day")) == everything()
