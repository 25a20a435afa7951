"""The published schema takes what is read, and refuses what is not said in words beside it."""

from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from subscriptions.segments.schema import json_schema
from tests.subscriptions.segments.test_reading import test_what_is_wrong_is_said_with_its_place as refusals
from tests.subscriptions.segments.trees import payment_trees, trees

VALID = Draft202012Validator(json_schema())
# What no schema can say: the words beside it do.
_BEYOND = (
    "stands inside", "no recurring payment has started", "no such list", "no such segment", "not be blank",
    "smaller value first", "empty group", "must be a day", "between the years", "cannot be stored", "too large",
)  # fmt: skip
_CASES = [case for case in refusals.pytestmark[0].args[1] if "nan" not in repr(case)]  # which JSON does not know
_REFUSED = [case for case in _CASES if not any(words in case[2] for words in _BEYOND)]


def test_the_schema_is_one() -> None:
    for inside in (False, True):
        Draft202012Validator.check_schema(json_schema(inside_payment=inside))


@given(tree=trees)
def test_every_segment_that_can_be_written_is_valid(tree: Any) -> None:
    assert VALID.is_valid(tree)


@pytest.mark.parametrize("tree", [{"segment": 7, "op": "in"}, {"all": [{"segment": 7, "op": "not_in"}]}])
def test_so_is_one_that_asks_for_another(tree: Any) -> None:
    assert VALID.is_valid(tree)


@given(tree=payment_trees)
def test_so_is_every_tree_of_a_trigger(tree: Any) -> None:
    assert Draft202012Validator(json_schema(inside_payment=True)).is_valid(tree)
    assert not VALID.is_valid(tree)


@pytest.mark.parametrize("segment", [case[0] for case in _REFUSED])
def test_what_is_refused_is_not_valid(segment: Any) -> None:
    assert not VALID.is_valid(segment)
