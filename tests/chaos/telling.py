"""What became of a run, in words."""

from typing import Any

_SHOWN = 20


def lines(scenario: str, seed: int, outcome: dict[str, Any] | None, logs: object) -> list[str]:
    """Say what was done, what was broken, and what is wrong; without an outcome the run broke off."""
    name = f"{scenario:<9} seed {seed}"
    if outcome is None:
        return [f"{name}: BROKE OFF; look into {logs}"]
    broken = ", ".join(f"{fault} {count}×" for fault, count in outcome["hits"].items()) or "nothing"
    return [f"{name}: {_happened(outcome)}: {_verdict(outcome, logs)}", _under(f"broken: {broken}"), *_wrong(outcome)]


def _happened(outcome: dict[str, Any]) -> str:
    pace = outcome["events"] / outcome["seconds"]
    return (
        f"{outcome['events']} events ({pace:.1f}/s), {outcome['writes']} rows by API, "
        f"{outcome['compared']} payments compared, {outcome['people']} ways, "
        f"{outcome['emails']} e-mails ({outcome['uncertain']} uncertain), {outcome['calls']} calls, "
        f"longest delay {outcome['longest']:.1f} s, at rest after {outcome['rest']:.0f} s"
    )


def _verdict(outcome: dict[str, Any], logs: object) -> str:
    wrong = len(outcome["violations"])
    return f"{wrong} VIOLATIONS; look into {logs}" if wrong else "nothing lost, nothing twice"


def _wrong(outcome: dict[str, Any]) -> list[str]:
    shown = [_under(f"- {sentence}") for sentence in outcome["violations"][:_SHOWN]]
    more = len(outcome["violations"]) - len(shown)
    return [*shown, *([_under(f"- and {more} more, in results.jsonl")] if more else [])]


def _under(words: str) -> str:
    return f"          {words}"
