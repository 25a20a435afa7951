"""Whatever ends a household, nobody is left: real processes, really killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.processes import naming, soon

ROOT = Path(__file__).parents[2]


@pytest.fixture
def household(tmp_path):
    """Start a household in a process group of its own; whatever a failing test leaves is killed."""
    started = []

    def start(what):
        command = [sys.executable, "-m", "tests.config.household", str(tmp_path / "logs"), what]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.stdout.close()
    for pid in naming(str(tmp_path)):
        os.kill(pid, signal.SIGKILL)


def _nobody_is_left(process, tmp_path):
    process.wait(timeout=15)
    return soon(lambda: not naming(str(tmp_path)), seconds=5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_polite_signal_ends_all_of_it(household, tmp_path, number):
    process = household("polite")
    process.send_signal(number)
    assert process.communicate(timeout=15)[0] == "stopped\n"
    assert process.returncode == 0
    assert _nobody_is_left(process, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_group_ends_all_of_it(household, tmp_path, number):
    process = household("polite")
    assert len(naming(str(tmp_path))) == 2
    os.killpg(process.pid, number)
    assert _nobody_is_left(process, tmp_path)


def test_children_do_not_outlive_a_killed_parent(household, tmp_path):
    process = household("polite")
    process.kill()
    assert _nobody_is_left(process, tmp_path)


def test_the_deaf_and_their_children_are_killed(household, tmp_path):
    process = household("deaf")
    assert len(naming(str(tmp_path))) == 4
    process.terminate()
    assert _nobody_is_left(process, tmp_path)


def test_when_one_dies_its_last_words_are_told_and_all_end(household, tmp_path):
    process = household("dying")
    told = process.communicate(timeout=15)[0]
    assert process.returncode == 1
    assert "dying has ended with exit code 3" in told
    assert "I am lost" in told
    assert _nobody_is_left(process, tmp_path)


def test_the_previous_log_is_kept_beside_the_new_one(household, tmp_path):
    for _ in range(3):
        process = household("polite")
        process.terminate()
        process.wait(timeout=15)
    assert {path.name for path in (tmp_path / "logs").glob("job*")} == {"job.log", "job.log.1"}
    assert (tmp_path / "logs" / "job.log").read_text() == "done\n"
