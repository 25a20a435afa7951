"""Who is told of what changed, when, and how often."""

import pytest
from django.db import transaction

from subscriptions.models import Change, RecurringPayment
from subscriptions.services import CHUNK, Outcome
from subscriptions.signals import changes_recorded
from tests.subscriptions.reports import report, tell, told


@pytest.fixture
def rings():
    """The doorbell's rings, each as the number of changes that could be seen when it rang."""
    heard = []

    def hear(**_):
        heard.append(Change.objects.count())

    changes_recorded.connect(hear)
    yield heard
    changes_recorded.disconnect(hear)


@pytest.mark.parametrize(
    ("announce", "announce_creation", "announced"),
    [(True, True, [True, True]), (True, False, [False, True]), (False, True, [False, False])],
)
def test_history_and_the_first_sight_of_old_payments_are_not_announced(store, announce, announce_creation, announced):
    tell(store, report(announce_creation=announce_creation), announce=announce)
    tell(store, report(at=1, name="Pro", announce_creation=announce_creation), announce=announce)
    assert list(Change.objects.order_by("pk").values_list("announce", flat=True)) == announced


def test_one_old_report_among_several_keeps_the_creation_quiet(store):
    tell(store, report(at=1, announce_creation=False), report(at=2, announce_creation=True))
    assert [change.announce for change in Change.objects.all()] == [False]


def test_the_log_says_by_which_way_the_news_came(store):
    tell(store, report("sub_1"), source=Change.Source.HISTORY)
    tell(store, report("sub_2"), source=Change.Source.WEBHOOK)
    assert list(Change.objects.order_by("pk").values_list("source", flat=True)) == ["history", "webhook"]


def test_the_doorbell_rings_once_for_a_whole_chunk(store, rings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(store, *(report(f"sub_{n}") for n in range(7)))
    assert rings == [7]


def test_the_doorbell_rings_once_for_each_chunk(store, rings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outcomes = tell(store, *(report(f"sub_{n}") for n in range(CHUNK + 1)))
    assert outcomes == [Outcome.CREATED] * (CHUNK + 1)
    assert len(rings) == 2


def test_the_doorbell_does_not_ring_without_news(store, rings, django_capture_on_commit_callbacks):
    told(store, at=1, sequence="a", name="Pro")
    with django_capture_on_commit_callbacks(execute=True):
        tell(store, report(at=2, sequence="b", name="Pro"), report(at=0, name="old"))
    assert rings == []


@pytest.mark.django_db(transaction=True)
def test_the_doorbell_rings_when_the_news_are_safe_and_not_before(store, rings):
    with transaction.atomic():
        tell(store, report("sub_1"))
        tell(store, report("sub_2"))
        assert rings == []
    assert rings == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_the_doorbell_does_not_ring_for_news_that_were_taken_back(store, rings):
    def fail():
        with transaction.atomic():
            tell(store, report())
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert rings == []
    assert not RecurringPayment.objects.exists()
