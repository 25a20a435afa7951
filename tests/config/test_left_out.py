"""What a machine cannot run is left out aloud, never silently, and is a failure where all is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUITE = """
import pytest

def test_plain(): pass

@pytest.mark.browser
def test_in_a_browser(): pass

@pytest.mark.browser
@pytest.mark.redis
def test_in_both(): pass

@pytest.mark.postgres
def test_on_postgres(): pass
"""
MARKS = "[pytest]\nmarkers = browser\n    redis\n    postgres\n"


@pytest.fixture
def run(tmp_path):
    """Run a small suite on a machine that has only what is given."""
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text(MARKS)
    (tmp_path / "bin").mkdir()

    def run(*options, programs=(), **environment):
        for name in programs:
            (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
            (tmp_path / "bin" / name).chmod(0o755)
        command = [sys.executable, "-m", "pytest", "-p", "tests.plugins.requirements", "-p", "no:django", *options]
        seen = {
            "PATH": str(tmp_path / "bin"),
            "PYTHONPATH": str(ROOT),
            "HOME": os.environ.get("HOME", "/"),
            **environment,
        }
        done = subprocess.run(command, cwd=tmp_path, env=seen, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["one process", "two workers"])
def test_what_is_left_out_is_counted_and_named(run, options):
    code, told = run(*options)
    assert code == 0
    assert "1 passed" in told
    assert "Left out: 2 tests that need Chromium; install chromium" in told
    assert "Left out: 1 tests that need PostgreSQL; give TEST_DATABASE_URL" in told


def test_nothing_is_left_out_where_all_is_there(run):
    code, told = run(programs=("redis-server", "chromium-browser"), TEST_DATABASE_URL="postgres://x@127.0.0.1/x")
    assert code == 0
    assert "4 passed" in told
    assert "Left out" not in told


def test_a_browser_may_be_named(run, tmp_path):
    (tmp_path / "own").write_text("#!/bin/sh\n")
    (tmp_path / "own").chmod(0o755)
    assert "need Chromium" not in run(CHROMIUM=str(tmp_path / "own"))[1]
    assert "need Chromium" in run(CHROMIUM=str(tmp_path / "missing"))[1]


def test_leaving_out_is_a_failure_where_all_is_required(run):
    code, told = run(REQUIRE_ALL="1")
    assert code != 0
    assert "passed" not in told
    assert "REQUIRE_ALL=1, but PostgreSQL is missing: give TEST_DATABASE_URL" in told
    assert "redis-server is missing" in told
