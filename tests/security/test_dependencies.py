"""An audit that could ask about nothing is no clean audit."""

from typing import Any

import pytest

from tests.dependencies import Audit, code, read

SKIPPED = {"name": "django", "skip_reason": "Dependency not found on PyPI and could not be audited"}
CLEAN = {"name": "django", "version": "6.1", "vulns": []}
BAD = {"name": "django", "version": "6.1", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["6.1.1"], "aliases": []}]}


def audited(*packages: dict[str, Any]) -> Audit:
    return read({"dependencies": list(packages)})


@pytest.mark.parametrize(
    ("packages", "strict", "lenient"),
    [((CLEAN,), 0, 0), ((BAD,), 1, 1), ((SKIPPED,), 2, 0), ((CLEAN, SKIPPED), 2, 0), ((BAD, SKIPPED), 1, 1)],
)
def test_the_outcome_is_what_is_known(packages: tuple[dict[str, Any], ...], strict: int, lenient: int) -> None:
    found = [audited(*packages)]
    assert (code(found, is_away_allowed=False), code(found, is_away_allowed=True)) == (strict, lenient)


def test_what_could_not_be_asked_is_said() -> None:
    words = audited(SKIPPED, BAD).words("requirements.txt")
    assert "1 packages asked about, 1 known" in words
    assert "nothing is known of 1: django" in words
    assert "CVE-2026-1, mended in 6.1.1" in words
