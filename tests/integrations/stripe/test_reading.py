"""Reading JSON by path: missing is None, the wrong shape is an error that names the path."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.providers import reading
from integrations.providers.stripe.reading import id_at, moment_at
from subscriptions.records import RecordError

SOURCE: dict[str, Any] = {
    "text": "a",
    "number": 7,
    "flag": True,
    "float": 1.5,
    "null": None,
    "object": {"id": "cus_1", "deep": {"er": "b"}},
    "list": [{"id": 1}],
    "texts": ["a"],
}


@pytest.mark.parametrize(
    ("read", "path", "value"),
    [
        (reading.at, "object.deep.er", "b"),
        (reading.at, "object.missing.er", None),
        (reading.at, "null.missing", None),
        (reading.object_at, "object.deep", {"er": "b"}),
        (reading.object_at, "text", None),
        (reading.object_at, "missing", None),
        (reading.list_at, "list", [{"id": 1}]),
        (reading.list_at, "null", []),
        (reading.text_at, "text", "a"),
        (reading.text_at, "null", ""),
        (id_at, "text", "a"),
        (id_at, "object", "cus_1"),
        (id_at, "missing", ""),
        (reading.integer_at, "number", 7),
        (reading.integer_at, "null", None),
        (moment_at, "number", datetime.fromtimestamp(7, UTC)),
        (moment_at, "missing", None),
    ],
)
def test_what_is_there_is_read_and_what_is_missing_is_empty(
    read: Callable[[Any, str], Any], path: str, value: Any
) -> None:
    assert read(SOURCE, path) == value


@pytest.mark.parametrize("read", [reading.at, reading.object_at, reading.integer_at, moment_at, reading.text_at, id_at])
def test_of_nothing_nothing_is_read(read: Callable[[Any, str], Any]) -> None:
    assert not read(None, "any.path")


@pytest.mark.parametrize(
    ("read", "path", "told"),
    [
        (reading.at, "text.inside", "text"),
        (reading.at, "object.deep.er.inside", "object.deep.er"),
        (reading.at, "list.0", "list"),
        (reading.object_at, "number", "number"),
        (reading.object_at, "list", "list"),
        (reading.list_at, "object", "object"),
        (reading.list_at, "texts", "texts"),
        (reading.text_at, "number", "number"),
        (id_at, "number", "number"),
        (reading.integer_at, "float", "float"),
        (reading.integer_at, "flag", "flag"),
        (reading.integer_at, "text", "text"),
        (moment_at, "text", "text"),
    ],
)
def test_the_wrong_shape_is_told_with_its_path(read: Callable[[Any, str], Any], path: str, told: str) -> None:
    with pytest.raises(RecordError) as error:
        read(SOURCE, path)
    assert list(error.value.errors) == [told]


@pytest.mark.parametrize("seconds", [10**11 * 9, -(10**14), 10**30])
def test_a_moment_beyond_the_calendar_is_told_with_its_path(seconds: int) -> None:
    with pytest.raises(RecordError) as error:
        moment_at({"created": seconds}, "created")
    assert list(error.value.errors) == ["created"]
