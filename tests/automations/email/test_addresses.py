"""The addresses that e-mails lead to: nobody can guess, change or use one for something else."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.email import addresses

NUMBER = uuid.UUID("0b9a65e9-b7b0-497a-89d5-c9cea6da1c6a")
TARGETS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=300)


@given(number=st.uuids(), target=TARGETS)
def test_what_was_signed_is_read_again(number: uuid.UUID, target: str) -> None:
    told = addresses.read(addresses.CLICK, addresses.token(addresses.CLICK, number, target))
    assert told == addresses.Told(number=number, target=target)


@given(at=st.integers(0, 200), letter=st.sampled_from("abcXYZ019-_"))
def test_one_that_was_changed_anywhere_is_nobodys(at: int, letter: str) -> None:
    token = addresses.token(addresses.CLICK, NUMBER, "https://x.example/?a=1&b=2")
    changed = token[: at % len(token)] + letter + token[at % len(token) + 1 :]
    told = addresses.read(addresses.CLICK, changed)
    assert told is None or told == addresses.read(addresses.CLICK, token)  # the last letter has bits that say nothing


@pytest.mark.parametrize("text", ["", "x", "=" * 40, "ä" * 40, "A" * 38, "A" * 9000, "\0" * 40])
def test_what_is_no_token_is_nobodys(text: str) -> None:
    assert addresses.read(addresses.OPEN, text) is None


def test_one_opens_only_what_it_was_made_for() -> None:
    token = addresses.token(addresses.OPEN, NUMBER)
    assert addresses.read(addresses.UNSUBSCRIBE, token) is None
    assert addresses.read(addresses.OPEN, token[:-6]) is None


def test_of_ten_thousand_that_are_made_up_none_opens_anything() -> None:
    made_up = (addresses.token("made up", uuid.UUID(int=number)) for number in range(10_000))
    assert not any(addresses.read(addresses.OPEN, token) for token in made_up)


def test_an_older_secret_counts_while_it_is_kept(settings: Any) -> None:
    token = addresses.token(addresses.OPEN, NUMBER)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert addresses.read(addresses.OPEN, token)
    settings.SECRET_KEY_FALLBACKS = []
    assert addresses.read(addresses.OPEN, token) is None


@given(number=st.uuids())
def test_an_address_for_answers_is_read_in_any_case_and_fits(number: uuid.UUID) -> None:
    address = addresses.reply_address(number, "reply.example")
    assert len(address.partition("@")[0]) <= 64
    assert addresses.read_reply_address(address.upper()) == number
    assert addresses.read_reply_address(address) == number
    assert addresses.read_reply_address("r-" + "a" * 45 + "@reply.example") is None
