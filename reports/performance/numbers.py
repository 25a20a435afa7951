"""The numbers of automations in a period: people, e-mails, goals and recovered payments, of each and of all."""

from dataclasses import dataclass, field

from reports.performance import emails, recovered, ways
from reports.performance.scope import Scope
from reports.performance.tally import Tally
from reports.performance.ways import WayTally
from reports.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What one automation, or several, did in a period; `inside` is how many ways are under way now.

    `recovered` counts payments, and `amounts` says what they are worth a month, in ten-thousandths by currency.
    """

    inside: int = 0
    entered: int = 0
    finished: int = 0
    ended: int = 0
    goals: int = 0
    recovered: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    mail: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Automations side by side, by their numbers, and all of them together."""

    each: dict[int, Numbers]
    total: Numbers


def of_automations(scope: Scope, period: Period) -> Side:
    """Count them; raise SegmentError where the segment cannot be asked any more."""
    mail = emails.tallies(scope, period, by=("automation",))
    found = recovered.found(scope, period)
    inside = ways.by(ways.inside(scope), "automation")
    done = ways.tallies(scope, period, key="automation")
    by_automation: dict[int, list[recovered.Recovered]] = {}
    for one in found:
        by_automation.setdefault(one.automation, []).append(one)
    each = {
        number: _numbers(
            inside.get(number, 0),
            done.get(number, WayTally()),
            by_automation.get(number, []),
            mail.get((number,), Tally()),
        )
        for number in {*inside, *done, *by_automation, *(key for (key,) in mail)}
    }
    together = WayTally(**{name: sum(getattr(one, name) for one in done.values()) for name in ways.NAMES})
    return Side(each=each, total=_numbers(sum(inside.values()), together, found, sum(mail.values(), Tally())))


def _numbers(inside: int, done: WayTally, found: list[recovered.Recovered], mail: Tally) -> Numbers:
    return Numbers(
        inside=inside,
        entered=done.entered,
        finished=done.finished,
        ended=done.ended,
        goals=done.reached,
        recovered=len({one.episode for one in found}),
        amounts=recovered.amounts(found),
        mail=mail,
    )
