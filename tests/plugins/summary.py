"""Leave a run's counts to `tests.run` as one plain line, in the file that TEST_SUMMARY names."""

import os
from pathlib import Path

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the line at the end of a run; workers of pytest-xdist have no terminal, so they write none."""
    if path := os.environ.get("TEST_SUMMARY"):
        passed, failed, errors, skipped = (
            len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed", "error", "skipped")
        )
        counts = f"{passed} passed, {failed + errors} failed"
        same = ", without those that are the same on every database" if terminalreporter.config.option.again else ""
        Path(path).write_text(counts + (f", {skipped} skipped" if skipped else "") + same)
