"""The list that an administrator chose for a store's newcomers: who gets on it, and whose word stands."""

import pytest

from contacts.models import MARKETER, Contact, ContactList, Standing
from contacts.services import Profile, subscribe, unsubscribe, upsert_contacts
from subscriptions.models import Change
from tests.statements import statements
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db
ADA = "ada@example.com"


@pytest.fixture
def letter(store):
    """The list that the store's newcomers are put on."""
    made = ContactList.objects.create(name="Letter")
    store.newcomer_list = made
    store.save()
    return made


def _stating(accepts, email=ADA):
    return Profile(email=email, accepts_marketing=accepts)


def _standing():
    """How the one person stands: state and source; None where nothing is known."""
    return Standing.objects.values_list("state", "source").first()


def _known(letter, before):
    """Make Ada known to us before the store tells of her, in the state and by the source that `before` names."""
    [ada] = upsert_contacts([Profile(email=ADA)]).values()
    if before:
        state, source = before
        subscribe([ada.pk], letter.pk, source=source)
        if state == "unsubscribed":
            unsubscribe([ada.pk], letter.pk, source=source)


IN_BY_US, OUT_BY_US = ("subscribed", "Shop"), ("unsubscribed", "Shop")
IN_BY_OTHERS, OUT_BY_OTHERS = ("subscribed", MARKETER), ("unsubscribed", MARKETER)


@pytest.mark.parametrize(
    ("accepts", "after"), [(None, IN_BY_US), (True, IN_BY_US), (False, None)], ids=["silent", "accepts", "refuses"]
)
def test_a_newcomer_is_on_the_list_unless_the_store_says_no(store, letter, accepts, after):
    tell(store, report(email=ADA, profile=_stating(accepts)))
    assert _standing() == after


@pytest.mark.parametrize(
    ("accepts", "before", "after"),
    [
        (None, None, None),
        (None, IN_BY_US, IN_BY_US),
        (None, OUT_BY_US, OUT_BY_US),
        (None, IN_BY_OTHERS, IN_BY_OTHERS),
        (None, OUT_BY_OTHERS, OUT_BY_OTHERS),
        (True, None, IN_BY_US),
        (True, IN_BY_US, IN_BY_US),
        (True, OUT_BY_US, IN_BY_US),
        (True, IN_BY_OTHERS, IN_BY_OTHERS),
        (True, OUT_BY_OTHERS, OUT_BY_OTHERS),
        (False, None, None),
        (False, IN_BY_US, OUT_BY_US),
        (False, OUT_BY_US, OUT_BY_US),
        (False, IN_BY_OTHERS, IN_BY_OTHERS),
        (False, OUT_BY_OTHERS, OUT_BY_OTHERS),
    ],
)
def test_of_somebody_known_only_what_the_store_states_counts_and_only_against_its_own_word(
    store, letter, accepts, before, after
):
    _known(letter, before)
    tell(store, report(email=ADA, profile=_stating(accepts)))
    assert _standing() == after


def test_consent_counts_when_nothing_else_of_the_payment_changes(store, letter):
    for at, accepts, state in [(0, True, "subscribed"), (1, False, "unsubscribed"), (2, True, "subscribed")]:
        tell(store, report(at=at, email=ADA, profile=_stating(accepts)))
        assert _standing() == (state, "Shop")


def test_what_an_older_report_states_is_not_heard(store, letter):
    tell(store, report(at=5, email=ADA, profile=_stating(False)))
    tell(store, report(at=1, email=ADA, profile=_stating(True)))
    assert _standing() is None


@pytest.mark.parametrize("ids", [("sub_1", "sub_1"), ("sub_1", "sub_2")], ids=["one payment", "two payments"])
@pytest.mark.parametrize(("first", "second", "after"), [(True, False, None), (False, True, IN_BY_US)])
def test_of_two_statements_that_come_together_the_newer_holds(store, letter, ids, first, second, after):
    told = [
        report(sub, at=at, email=ADA, profile=_stating(accepts))
        for sub, at, accepts in zip(ids, (1, 2), (first, second), strict=True)
    ]
    tell(store, *reversed(told))
    assert _standing() == after


def test_a_newer_report_that_states_nothing_leaves_what_came_with_it_standing(store, letter):
    tell(store, report(at=1, email=ADA, profile=_stating(False)), report(at=2, email=ADA, profile=_stating(None)))
    assert _standing() is None


def test_a_store_renews_no_second_time_whom_a_marketer_unsubscribed(store, letter):
    tell(store, report(email=ADA))
    unsubscribe([Contact.objects.get().pk], letter.pk, source=MARKETER)
    tell(store, report("sub_2", at=1, email=ADA, profile=_stating(True)))
    assert _standing() == OUT_BY_OTHERS


@pytest.mark.parametrize("source", list(Change.Source))
def test_whichever_way_people_come_they_are_newcomers(store, letter, source):
    tell(store, report(email=ADA), source=source)
    assert _standing() == IN_BY_US


def test_a_store_without_a_list_puts_nobody_anywhere(store, other_store, letter):
    tell(other_store, report(email=ADA, profile=_stating(True)))
    assert _standing() is None


def test_a_list_that_is_deleted_is_chosen_no_more(store, letter):
    letter.delete()
    tell(store, report(email=ADA))
    assert Contact.objects.exists()
    assert not Standing.objects.exists()


def _cost(store, size, *, accepts=None):
    mark = f"{store.pk}-{size}-{accepts}-{Contact.objects.count()}"
    people = [f"{mark}-{n}@example.com" for n in range(size)]
    records = [report(email, email=email, profile=_stating(accepts, email)) for email in people]
    with statements() as found:
        tell(store, *records)
    return [sql for sql in found if "SAVEPOINT" not in sql]


def test_newcomers_cost_nothing_without_a_list_and_with_one_the_same_however_many(store, other_store):
    without = len(_cost(other_store, 3))
    other_store.newcomer_list = ContactList.objects.create(name="Letter")
    other_store.save()
    assert not [sql for sql in _cost(store, 3, accepts=False) if "contacts_standing" in sql]
    # does the list ask? two to subscribe, the history, who has changed, and whether anybody waits for that
    assert len(_cost(other_store, 3)) == without + 7
    assert len(_cost(other_store, 400)) == len(_cost(other_store, 3))
    assert len(_cost(other_store, 3, accepts=False)) == without + 2
