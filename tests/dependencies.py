"""`make audit`: ask PyPI's advisories about every package that is pinned, and say plainly what could not be asked.

pip-audit calls a package that its service does not know "not audited" and is content; here that is no good answer. The
exit code is 1 where something is known to be vulnerable, and 2 where packages could not be asked about, unless
`--if-reachable` says that this is no failure, as on a machine without the network.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = ("requirements.txt", "requirements-dev.txt")
ROOT = Path(__file__).parents[1]
_OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What is known of one file's packages: how many were asked about, which were not, and each finding in a line."""

    asked: int
    unasked: tuple[str, ...]
    findings: tuple[str, ...]

    def words(self, name: str) -> str:
        """Say it."""
        lines = [f"{name}: {self.asked} packages asked about, {len(self.findings)} known to be vulnerable"]
        lines += [f"  {finding}" for finding in self.findings]
        if self.unasked:
            lines.append(f"  nothing is known of {len(self.unasked)}: {', '.join(self.unasked)}")
        return "\n".join(lines)


def read(told: Mapping[str, Any]) -> Audit:
    """Read what pip-audit says as JSON."""
    packages = told["dependencies"]
    findings = [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version'}"
        for one in packages
        for flaw in one.get("vulns", ())
    ]
    unasked = tuple(one["name"] for one in packages if "skip_reason" in one)
    return Audit(asked=len(packages) - len(unasked), unasked=unasked, findings=tuple(findings))


def code(audits: list[Audit], *, is_away_allowed: bool) -> int:
    """Return the exit code."""
    if any(one.findings for one in audits):
        return 1
    return 0 if is_away_allowed or not any(one.unasked for one in audits) else 2


def main(arguments: list[str]) -> int:
    """Audit each file, print what came of it, and return the exit code."""
    audits = []
    for name in FILES:
        command = [sys.executable, "-m", "pip_audit", "--requirement", name, *_OPTIONS]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        try:
            audits.append(read(json.loads(done.stdout)))
        except ValueError:  # the service did not answer at all
            reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
            audits.append(Audit(asked=0, unasked=(f"any package ({reason})",), findings=()))
        print(audits[-1].words(name))
    return code(audits, is_away_allowed="--if-reachable" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
