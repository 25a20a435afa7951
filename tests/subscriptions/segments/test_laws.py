"""What holds of every segment: its opposite is exact, order and nesting change nothing, writing and reading agree."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from contacts.models import Contact
from subscriptions.models import RecurringPayment
from subscriptions.segments import compiler, counting, reading, sentences
from subscriptions.segments.compiler import World
from subscriptions.segments.counting import Count
from subscriptions.segments.matching import of_person
from subscriptions.segments.why import why
from tests.subscriptions.segments.conftest import CLOCK
from tests.subscriptions.segments.trees import frames, payment_trees, trees

pytestmark = pytest.mark.django_db
on_one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def matching(segment: Any) -> list[int]:
    found = compiler.people(reading.read(segment), World(clock=CLOCK))
    return sorted(found.values_list("pk", flat=True))


def everybody() -> list[int]:
    return sorted(Contact.objects.values_list("pk", flat=True))


def payments(segment: Any) -> list[int]:
    condition = compiler.of_payments(reading.read(segment, inside_payment=True), World(clock=CLOCK))
    return sorted(RecurringPayment.objects.filter(condition).values_list("pk", flat=True))


@on_one_database
@given(tree=trees)
def test_each_person_is_in_a_segment_or_in_its_opposite_and_once(people: dict[str, Contact], tree: Any) -> None:
    assert sorted(matching(tree) + matching({"not": tree})) == everybody()


@on_one_database
@given(tree=payment_trees)
def test_each_payment_is_in_a_tree_or_in_its_opposite(people: dict[str, Contact], tree: Any) -> None:
    every = sorted(RecurringPayment.objects.values_list("pk", flat=True))
    assert sorted(payments(tree) + payments({"not": tree})) == every
    assert payments({"not": {"not": tree}}) == payments(tree)


@on_one_database
@given(one=trees, other=trees)
def test_order_changes_nothing_and_not_turns_all_into_any(people: dict[str, Contact], one: Any, other: Any) -> None:
    both = matching({"all": [one, other]})
    assert both == matching({"all": [other, one]}) == sorted(set(matching(one)) & set(matching(other)))
    assert matching({"not": {"all": [one, other]}}) == matching({"any": [{"not": one}, {"not": other}]})


@on_one_database
@given(part=payment_trees)
def test_scopes_agree_with_each_other(people: dict[str, Contact], part: Any) -> None:
    def scoped(match: Any, inside: Any = part) -> set[int]:
        return set(matching({"recurring_payment": inside, "match": match}))

    assert scoped("any") == scoped({"at_least": 1})
    assert scoped("none") == scoped({"exactly": 0}) == scoped({"at_most": 0})
    assert scoped("every") == scoped("none", {"not": part}) & scoped("any", {"all": []})
    assert scoped("latest") <= scoped("any")
    assert scoped({"at_least": 2}) | scoped({"exactly": 1}) == scoped("any")
    # inside a frame, "not" is about payments, so somebody may have one of each
    assert scoped("any") | scoped("any", {"not": part}) == scoped("any", {"all": []})


@on_one_database
@given(tree=trees)
def test_what_is_written_is_read_as_the_same_and_can_be_said(people: dict[str, Contact], tree: Any) -> None:
    node = reading.read(tree)
    written = reading.write(node)
    assert reading.write(reading.read(written)) == written
    assert matching(written) == matching(tree)
    assert sentences.sentence(node).startswith("People ")


@on_one_database
@given(tree=frames)
def test_why_says_of_everybody_what_the_segment_says(people: dict[str, Contact], tree: Any) -> None:
    node, found = reading.read(tree), set(matching(tree))
    for person in people.values():
        assert why(node, person, World(clock=CLOCK)).holds == (person.pk in found)


@on_one_database
@given(tree=trees)
def test_the_count_and_one_by_one_say_the_same(people: dict[str, Contact], tree: Any) -> None:
    found, world = matching(tree), World(clock=CLOCK)
    assert counting.count(reading.read(tree), world, seconds=60) == Count(number=len(found))
    assert counting.first(reading.read(tree), world, limit=9, seconds=60) == list(Contact.objects.filter(pk__in=found))
    assert [pk for pk in everybody() if of_person({"": tree}, pk, world).matching] == found
