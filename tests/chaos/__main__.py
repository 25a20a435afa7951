"""`make chaos`: every scenario on a house of its own, one line each, and what the auditor has to say.

ONLY names some scenarios, SEED another course of chances, QUICK=1 runs one short one, and MINUTES goes round and round
with new chances for that long. Exit code 1 where anything was lost, doubled or left half done.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from config.demo import plan
from tests.chaos import telling
from tests.chaos.house import has_false_clock
from tests.chaos.run import Order, outcome_of
from tests.chaos.scenarios import QUICK, SCENARIOS, Scenario
from tests.chaos.yard import Yard, opened

_QUICK_SECONDS = 20.0


def main() -> int:
    """Run what the environment asks for, and return the exit code."""
    wanted, is_quick = os.environ.get("ONLY", "").split(), os.environ.get("QUICK", "") not in ("", "0")
    if unknown := [name for name in wanted if name not in SCENARIOS]:
        _say(f"There is no scenario {', '.join(unknown)}. There are: {', '.join(SCENARIOS)}.")
        return 2
    chosen = [SCENARIOS[name] for name in wanted or ([QUICK] if is_quick else SCENARIOS)]
    seed, ends = int(os.environ.get("SEED") or 1), time.monotonic() + 60 * float(os.environ.get("MINUTES") or 0)
    _say("Preparing databases ...")
    is_good = True
    with opened(Path(os.environ.get("DATA_DIR") or plan.ROOT / "var").resolve() / "chaos") as yard:
        _say_what_is_missing(yard)
        while True:
            for scenario in chosen:
                is_good &= _run(yard, scenario, seed, _QUICK_SECONDS if is_quick else scenario.seconds)
            seed += 1
            if time.monotonic() >= ends:
                return 0 if is_good else 1


def _say_what_is_missing(yard: Yard) -> None:
    if yard.cluster is None:
        _say("Left out: scenarios on PostgreSQL; install postgresql, whose initdb makes a server of their own.")
    if not yard.has_disk:
        _say("Left out: a full disk; only root may mount a small one.")
    if not has_false_clock():
        _say("Left out: a clock that is wrong; install libfaketime.")


def _run(yard: Yard, scenario: Scenario, seed: int, seconds: float) -> bool:
    """Run a scenario, say what became of it, and tell whether all was well."""
    if yard.cluster is None and scenario.database == "postgresql":
        return True
    file = _ordered(yard, scenario, seed, seconds)
    with (file.parent / "run.log").open("wb") as log:
        command = (plan.PYTHON, "-m", "tests.chaos.run", str(file))
        code = subprocess.run(command, cwd=plan.ROOT, stdout=log, stderr=log, check=False).returncode
    yard.tidy()
    outcome = None if code else json.loads(outcome_of(file).read_text())
    _keep(yard, scenario, seed, outcome)
    for line in telling.lines(scenario.name, seed, outcome, file.parent):
        _say(line)
    return outcome is not None and not outcome["violations"]


def _ordered(yard: Yard, scenario: Scenario, seed: int, seconds: float) -> Path:
    """Make the databases and folders of a run, and write down what is wanted."""
    place = yard.room / "runs" / scenario.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    yard.clear()
    order = Order(
        scenario=scenario.name,
        seed=seed,
        seconds=seconds,
        data=str(yard.data),
        logs=str(place),
        database=yard.made(scenario.database, "house"),
        clean=yard.made(scenario.database, "clean"),
        cluster=str(yard.cluster.folder) if yard.cluster else "",
        port=yard.cluster.port if yard.cluster else 0,
        disk=str(yard.disk) if yard.has_disk else "",
    )
    order.write(place / "order.json")
    return place / "order.json"


def _keep(yard: Yard, scenario: Scenario, seed: int, outcome: dict[str, Any] | None) -> None:
    with (yard.room / "results.jsonl").open("a") as file:
        told = {"scenario": scenario.name, "seed": seed, "at": round(time.time())} | (outcome or {"broke off": True})
        file.write(json.dumps(told) + "\n")


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
