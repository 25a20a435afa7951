"""`make test`: the whole suite on SQLite, then on PostgreSQL, and at the end what passed and what was left out.

On the second database only that is run again which has to do with a database (`tests.plugins.again`).
Whatever stands on the command line goes to pytest. The product's own variables do not reach the tests.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.plugins.requirements import absent, all_required, postgres

WORKERS = min(os.cpu_count() or 1, 4)
# In the order of their folders, the files that take longest are not left for the end, where one worker would wait.
_SHARING = ("--dist=loadscope", "--no-loadscope-reorder")
PRODUCT = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "PUBLIC_URL", "ALLOWED_HOSTS", "DEBUG")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one run of the suite went; without counts where pytest did not come to its end."""

    database: str
    code: int
    counts: str | None

    def __str__(self) -> str:
        """Return the line of the summary."""
        stopped = f" (pytest ended with exit code {self.code})" if self.code not in (0, 1) else ""
        return f"{self.database}: {self.counts or 'no result'}{stopped}"


def main(arguments: list[str]) -> int:
    """Run the suite on each database that there is, print the summary, and return the exit code."""
    databases = {"SQLite": ""} | ({"PostgreSQL": url} if (url := postgres()) else {})
    outcomes = [
        _run(database, url, ["--again", *arguments] if number else arguments)
        for number, (database, url) in enumerate(databases.items())
    ]
    missing = absent()
    print("\nSummary")
    print(*outcomes, sep="\n")
    print("Left out: nothing" if not missing else "Left out:")
    print(*(f"  {part.name}: {part.remedy}" for part in missing), sep="\n", end="\n" if missing else "")
    return int(any(outcome.code for outcome in outcomes) or (all_required() and bool(missing)))


def _run(database: str, url: str, arguments: list[str]) -> Outcome:
    print(f"\nThe suite on {database}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ritournelle-tests-") as folder:
        summary = Path(folder) / "summary.txt"
        command = [sys.executable, "-m", "pytest", f"-n{WORKERS}", *_SHARING, *arguments]
        code = subprocess.run(command, env=_environment(url, folder, summary), check=False).returncode
        counts = summary.read_text() if summary.exists() else None
        return Outcome(database=database, code=code, counts=counts)


def _environment(url: str, folder: str, summary: Path) -> dict[str, str]:
    """Keep the machine's variables, and let the product's come from tests/settings.py."""
    kept = {name: value for name, value in os.environ.items() if name not in PRODUCT}
    return kept | {"DATA_DIR": folder, "TEST_SUMMARY": str(summary)} | ({"DATABASE_URL": url} if url else {})


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
