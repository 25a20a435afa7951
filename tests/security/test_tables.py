"""The pages that say where each property and each requirement is fulfilled name what there is."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROPERTIES, ASVS = ROOT / "docs" / "properties.md", ROOT / "docs" / "asvs.md"
VERDICTS = {"met", "partly", "not met", "does not apply"}
# How many requirements of the levels 1 and 2 each chapter of ASVS 5.0.0 has.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13,
            16: 16, 17: 7}  # fmt: skip


def rows(page: Path) -> list[list[str]]:
    """Return the cells of the rows of all tables of a page, which begin with a number."""
    lines = [line.strip().strip("|").split("|") for line in page.read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines if re.match(r"[\d.–]+$", cells[0].strip())]


def named(text: str) -> list[str]:
    """Return what stands between backticks and is a place: a path, with a test behind it or not."""
    return [
        one for one in re.findall(r"`([^`]+)`", text) if re.match(r"[\w.-]+(/[\w.*-]+)+", one) or one.endswith(".md")
    ]


@cache
def _tests_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def missing(page: Path) -> list[str]:
    """Name the places that are not there."""
    return [place for cells in rows(page) for place in named(cells[-1]) if not is_there(place)]


def is_there(place: str) -> bool:
    path, _, test = place.partition("::")
    if not test:
        return (ROOT / path).exists()
    return (ROOT / path).is_file() and test in _tests_of(ROOT / path)


def test_every_property_has_tests_that_exist() -> None:
    told = {int(cells[0]): cells for cells in rows(PROPERTIES)}
    assert sorted(told) == list(range(1, 59))
    assert all("::test_" in cells[-1] for cells in told.values())
    assert missing(PROPERTIES) == []


def numbers(cell: str) -> list[str]:
    """Return the requirements that a row is about: one, or all of a span."""
    first, _, last = cell.partition("–")
    section, _, number = first.rpartition(".")
    return [f"{section}.{one}" for one in range(int(number), int((last or first).rpartition(".")[2]) + 1)]


def test_every_requirement_has_a_verdict_and_a_place_that_exists() -> None:
    told = [cells for cells in rows(ASVS) if "." in cells[0]]
    every = [number for cells in told for number in numbers(cells[0])]
    assert len(set(every)) == len(every)
    assert Counter(int(number.partition(".")[0]) for number in every) == CHAPTERS
    assert {cells[2] for cells in told} == VERDICTS
    assert all(cells[3] for cells in told)
    assert missing(ASVS) == []


def test_the_page_counts_its_verdicts_rightly() -> None:
    counted = Counter(cells[2] for cells in rows(ASVS) if "." in cells[0] for _ in numbers(cells[0]))
    told = re.search(r"\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", ASVS.read_text())
    assert told
    assert [int(one) for one in told.groups()] == [
        counted[one] for one in ("met", "partly", "not met", "does not apply")
    ]


@pytest.mark.parametrize("place", ["tests/nowhere.py", "tests/people.py::test_nothing", "config/settings.txt"])
def test_a_place_that_is_not_there_would_be_found(place: str) -> None:
    assert not is_there(place)
