"""Rows that go from process to process, of which each is worked on by one."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from config import turns
from config.notices.models import Notice

pytestmark = pytest.mark.django_db


def made(count: int) -> list[int]:
    member = User.objects.create_user("ada")
    return [Notice.objects.create(member=member, kind="new_codes", email="ada@example.com").pk for _ in range(count)]


def test_of_some_rows_only_those_are_ours_that_nobody_else_holds() -> None:
    first, second, third = made(3)
    assert turns.take(Notice, second)
    ours = turns.take_some(Notice, [first, second, third])
    assert set(ours.values_list("pk", flat=True)) == {first, third}
    assert not turns.take_some(Notice, [first, second, third]).exists()


def test_a_row_that_was_taken_over_or_removed_is_ours_no_longer() -> None:
    first, second, third = made(3)
    ours = turns.take_some(Notice, [first, second, third])
    Notice.objects.filter(pk=first).update(claimed_until=timezone.now() - timedelta(seconds=1))  # it ran out
    assert turns.take(Notice, first)
    Notice.objects.filter(pk=second).delete()
    assert [row.pk for row in ours] == [third]
