"""After a test that commits, the next one finds what the migrations have left, and nothing else."""

import pytest
from django.contrib.auth.models import Group, User

from contacts.models import Contact

pytestmark = pytest.mark.django_db(transaction=True)


def _is_as_new() -> bool:
    marketer = Group.objects.get(name="Marketer")
    return not (User.objects.exists() or Contact.objects.exists()) and marketer.permissions.exists()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_was_committed_is_gone(turn: int) -> None:
    assert _is_as_new()
    User.objects.create_user("anna").groups.set(Group.objects.all())
    Contact.objects.create(first_name="Ada")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_role_that_was_taken_apart_is_whole_again(turn: int) -> None:
    assert _is_as_new()
    assert set(Group.objects.values_list("name", flat=True)) == {"Viewer", "Marketer", "Manager", "Administrator"}
    Group.objects.get(name="Marketer").permissions.clear()
    Group.objects.create(name="Guest")
