"""Every word that the engine writes down is said in the reader's words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from automations import reasons
from automations.models import Call, Message
from automations.steps import STEPS

ROOT = Path(__file__).parents[2] / "automations"
NAMED = {"outcome", "reason", "problem"}
CALLED = {"StepProblem", "NotLetIn"}


def written() -> Iterator[str]:
    """Find the words in the source: what is given by these names, and to these errors."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield from _given(node)


def _given(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    values = [one.value for one in call.keywords if one.arg in NAMED]
    values += call.args[:1] if name in CALLED or name == "end" else []
    values += call.args[1:2] if name == "put_off" else []
    yield from (
        one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
    )


def test_every_word_of_the_engine_is_known():
    words = {*written(), *Message.State.values, *Call.State.values} - {"waiting", "running", "handed"}
    words |= {branch for kind in STEPS.values() for branch in kind.branches}
    assert len(words) > 30
    assert words - reasons.KNOWN.keys() == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_is_said_in_both_languages(language):
    with translation.override(language):
        said = {word: reasons.say(word) for word in reasons.KNOWN}
    assert all(words and words != word for word, words in said.items())


def test_a_word_that_is_not_known_stays_as_it_is():
    assert reasons.say("whatever") == "whatever"
    assert reasons.say("") == ""
