"""On a second database only that is run again which has to do with a database."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUITE = """
import pytest

@pytest.fixture
def db(): pass

@pytest.fixture
def store(db): pass

def test_plain(): pass

@pytest.mark.django_db
def test_marked(): pass

def test_by_a_fixture(store): pass

@pytest.mark.browser
@pytest.mark.django_db
def test_in_a_browser(): pass

@pytest.mark.once
@pytest.mark.django_db
def test_marked_as_the_same(): pass
"""


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ((), ["test_plain", "test_marked", "test_by_a_fixture", "test_in_a_browser", "test_marked_as_the_same"]),
        (("--again",), ["test_marked", "test_by_a_fixture"]),
    ],
    ids=["first", "again"],
)
def test_what_is_the_same_on_every_database_is_run_once(tmp_path: Path, options: list[str], left: list[str]) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n    once\n    django_db\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.plugins.again", "-p", "no:django", "--collect-only", "-q"]
    told = subprocess.run(
        [*command, *options], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split("::")[1] for line in told.splitlines() if "::" in line] == left
