"""Whatever administrators do to the order, together or one after the other: all fields stay, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from subscriptions import field_history, field_order
from subscriptions.catalogue import BY_NAME, DEFAULT_ORDER
from subscriptions.field_order import Invalid, Order, Outdated, placed
from subscriptions.models import FieldOrder
from tests.subscriptions.reports import undone

FIRST, SECOND, THIRD = DEFAULT_ORDER[:3]
LAST = DEFAULT_ORDER[-1]
COUNT = len(DEFAULT_ORDER)

names = st.sampled_from(DEFAULT_ORDER)
places = st.one_of(st.integers(1, COUNT).map(lambda to: {"to": to}), names.map(lambda name: {"before": name}))
moves = st.tuples(names, places)


@pytest.fixture
def anna(db: None) -> User:
    """An administrator."""
    return User.objects.create_user("anna")


@pytest.fixture
def bert(db: None) -> User:
    """Another one."""
    return User.objects.create_user("bert")


def _move(name, by, **where):
    """Move a field for somebody who has just loaded the page."""
    return field_order.move(name, by=by, seen=where.pop("seen", field_order.current().version), **where)


def _steps(action, by, times=1):
    for _ in range(times):
        action(by=by, seen=field_order.current().version)
    return field_order.current().names


# ---- one person


@pytest.mark.django_db
def test_as_long_as_nothing_is_saved_the_default_holds():
    assert field_order.current() == Order(names=DEFAULT_ORDER, version=0)
    assert field_order.current().is_default


def test_a_move_is_a_version_with_its_author_and_its_moment(anna):
    result = _move(LAST, anna, to=2)
    assert result.changed
    assert result.order == field_order.current()
    assert result.order.names[:3] == (FIRST, LAST, SECOND)
    assert (result.order.version, result.order.changed_by, result.order.position(LAST)) == (1, anna, 2)
    assert result.order.changed_at is not None


@pytest.mark.parametrize(
    ("name", "where", "start"),
    [
        (THIRD, {"to": 1}, (THIRD, FIRST, SECOND)),
        (FIRST, {"to": 2}, (SECOND, FIRST, THIRD)),
        (FIRST, {"before": THIRD}, (SECOND, FIRST, THIRD)),
        (THIRD, {"before": FIRST}, (THIRD, FIRST, SECOND)),
        (LAST, {"before": SECOND}, (FIRST, LAST, SECOND)),
    ],
)
def test_a_field_goes_to_a_position_or_before_another_field(name, where, start):
    assert placed(DEFAULT_ORDER, name, **where)[:3] == start


def test_the_last_position_is_the_end():
    assert placed(DEFAULT_ORDER, FIRST, to=COUNT) == (*DEFAULT_ORDER[1:], FIRST)


@pytest.mark.parametrize("where", [{"to": 2}, {"before": THIRD}, {"before": SECOND}])
def test_a_move_to_the_same_place_writes_nothing(anna, where):
    result = _move(SECOND, anna, **where)
    assert not result.changed
    assert not FieldOrder.objects.exists()


@pytest.mark.parametrize(
    ("name", "where", "message"),
    [
        ("colour", {"to": 1}, "There is no field called “colour”."),
        (FIRST, {"before": "colour"}, "There is no field called “colour”."),
        (FIRST, {"to": 0}, "a whole number from 1 to 60"),
        (FIRST, {"to": COUNT + 1}, "a whole number from 1 to 60"),
        (FIRST, {}, "a whole number from 1 to 60"),
        (FIRST, {"to": 1, "before": SECOND}, "a whole number from 1 to 60"),
    ],
)
def test_what_does_not_exist_is_refused_in_words(anna, name, where, message):
    with pytest.raises(Invalid, match=message):
        _move(name, anna, **where)
    assert not FieldOrder.objects.exists()


@given(st.lists(moves, max_size=30))
def test_any_sequence_of_moves_keeps_every_field_exactly_once(sequence):
    order = DEFAULT_ORDER
    for name, where in sequence:
        before = order
        order = placed(order, name, **where)
        assert sorted(order) == sorted(BY_NAME)
        assert [other for other in order if other != name] == [other for other in before if other != name]


# ---- back and forth


def test_undo_goes_back_change_by_change_and_redo_forth(anna):
    orders = [DEFAULT_ORDER, *(_move(LAST, anna, to=position).order.names for position in (9, 5, 1))]
    assert [_steps(field_order.undo, anna) for _ in range(3)] == orders[2::-1]
    assert [_steps(field_order.redo, anna) for _ in range(3)] == orders[1:]


def test_a_new_change_leaves_nothing_to_redo(anna):
    _move(LAST, anna, to=1)
    _steps(field_order.undo, anna)
    _move(FIRST, anna, to=9)
    with pytest.raises(Outdated):
        _steps(field_order.redo, anna)


def test_a_reset_can_be_undone(anna):
    order = _move(LAST, anna, to=1).order
    result = field_order.reset(by=anna, seen=order.version)
    assert (result.changed, result.order.names) == (True, DEFAULT_ORDER)
    assert _steps(field_order.undo, anna) == order.names


def test_a_reset_of_the_default_order_writes_nothing(anna):
    assert not field_order.reset(by=anna, seen=0).changed
    assert not FieldOrder.objects.exists()


def test_without_a_change_there_is_nothing_to_undo(anna):
    with pytest.raises(Outdated) as refusal:
        field_order.undo(by=anna, seen=0)
    assert refusal.value.meanwhile == ()


@given(st.lists(st.one_of(moves, st.sampled_from(["undo", "redo", "reset"])), max_size=12))
@pytest.mark.django_db
def test_undoing_everything_ends_at_the_start_and_redoing_it_where_one_was(sequence):
    with undone():
        anna = User.objects.create_user("anna")
        for step in sequence:
            _try(step, anna)
        end = field_order.current().names
        back = _all_the_way(field_order.undo, anna)
        assert field_order.current().names == DEFAULT_ORDER
        forth = _all_the_way(field_order.redo, anna)
        if not {"undo", "redo"} & {step for step in sequence if isinstance(step, str)}:
            assert (field_order.current().names, forth) == (end, back)


def _try(step, by):
    if isinstance(step, tuple):
        _move(step[0], by, **step[1])
        return
    try:
        _steps(getattr(field_order, step), by)
    except Outdated:
        assert step in {"undo", "redo"}


def _all_the_way(action, by):
    count = 0
    while True:
        try:
            _steps(action, by)
        except Outdated:
            return count
        count += 1


# ---- several people


def test_a_move_on_an_old_page_is_made_in_the_newest_order_and_tells_what_others_did(anna, bert):
    _move(LAST, anna, to=1, seen=0)
    result = _move(THIRD, bert, before=SECOND, seen=0)
    assert result.order.names[:4] == (LAST, FIRST, THIRD, SECOND)
    assert [(step.changed_by, step.action, step.field) for step in result.meanwhile] == [(anna, "move", LAST)]


def test_the_own_changes_of_another_window_are_no_news(anna):
    _move(LAST, anna, to=1, seen=0)
    assert _move(THIRD, anna, to=1, seen=0).meanwhile == ()


@pytest.mark.parametrize("action", [field_order.undo, field_order.redo, field_order.reset])
def test_on_an_old_page_nothing_can_be_taken_back(anna, bert, action):
    seen = _move(LAST, anna, to=1).order.version
    newest = _move(THIRD, bert, to=1).order
    with pytest.raises(Outdated) as refusal:
        action(by=anna, seen=seen)
    assert [step.field for step in refusal.value.meanwhile] == [THIRD]
    assert field_order.current() == newest


def test_what_somebody_else_did_last_cannot_be_undone(anna, bert):
    _move(LAST, anna, to=1)
    newest = _move(THIRD, bert, to=1).order
    with pytest.raises(Outdated):
        field_order.undo(by=anna, seen=newest.version)


def test_undo_stops_where_somebody_elses_change_begins(anna, bert):
    theirs = _move(THIRD, bert, to=1).order
    _move(LAST, anna, to=1)
    assert _steps(field_order.undo, anna) == theirs.names
    assert field_history.trail(anna, 3).back is None
    assert field_history.trail(anna, 3).forth is not None


def test_a_history_that_is_longer_than_what_is_looked_at_ends_undo_and_breaks_nothing(anna, monkeypatch):
    monkeypatch.setattr(field_history, "DEPTH", 3)
    for position in (10, 8, 6, 4):
        _move(LAST, anna, to=position)
    assert _steps(field_order.undo, anna, times=2) == placed(DEFAULT_ORDER, LAST, to=8)
    with pytest.raises(Outdated):
        _steps(field_order.undo, anna)


@pytest.mark.django_db(transaction=True)
def test_two_who_move_at_the_same_moment_both_keep_their_moves():
    anna, bert = User.objects.create_user("anna"), User.objects.create_user("bert")
    start = threading.Barrier(2)

    def work(by, fields):
        start.wait()
        try:
            return [field_order.move(name, to=COUNT, by=by, seen=0).order.version for name in fields]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(work, anna, DEFAULT_ORDER[:8]), pool.submit(work, bert, DEFAULT_ORDER[8:16])]
        versions = [version for job in jobs for version in job.result()]
    assert sorted(versions) == list(range(1, 17))
    order = field_order.current()
    assert order.names[:-16] == DEFAULT_ORDER[16:]
    assert sorted(order.names[-16:]) == sorted(DEFAULT_ORDER[:16])


def test_who_loses_the_race_for_a_version_starts_again_from_the_winners_order(anna, bert, monkeypatch):
    _write(bert, LAST, version=1)
    what_is_read = iter([Order(), field_order.current()])
    monkeypatch.setattr(field_order, "current", lambda: next(what_is_read))
    result = field_order.move(THIRD, to=1, by=anna, seen=0)
    assert (result.order.version, result.order.names[:2]) == (2, (THIRD, LAST))
    assert [step.changed_by for step in result.meanwhile] == [bert]


def test_a_race_that_cannot_be_won_ends(anna, monkeypatch):
    _write(anna, LAST, version=1)
    monkeypatch.setattr(field_order, "current", Order)
    with pytest.raises(IntegrityError):
        field_order.move(THIRD, to=1, by=anna, seen=0)


def _write(by, name, *, version):
    FieldOrder.objects.create(version=version, names=placed(DEFAULT_ORDER, name, to=1), action="move", changed_by=by)


# ---- a catalogue that changes


def test_a_field_that_is_new_in_the_catalogue_comes_last_and_one_that_is_gone_goes(anna):
    kept = [LAST, "colour", *DEFAULT_ORDER[1:-1]]
    FieldOrder.objects.create(version=1, names=kept, action="move", changed_by=anna)
    assert field_order.current().names == (LAST, *DEFAULT_ORDER[1:-1], FIRST)
    assert tuple(field.name for field in field_order.ordered_fields()) == field_order.current().names


def test_the_order_outlives_the_account_of_who_made_it(anna):
    order = _move(LAST, anna, to=1).order
    anna.delete()
    assert field_order.current().names == order.names
    assert field_order.current().changed_by is None
