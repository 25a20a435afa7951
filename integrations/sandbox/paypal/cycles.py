"""The billing cycles of a subscription: how many of its trial and of its regular ones are behind it."""

from dataclasses import dataclass

from integrations.sandbox.paypal.pricing import interval_of
from integrations.sandbox.periods import step
from integrations.sandbox.store import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The dates of a plan for one who started at a moment."""

    plan: Record
    start: int

    @property
    def trial_ends(self) -> int:
        """When the regular cycles begin."""
        trial = self.plan["trial"]
        return self.trial_due(trial["cycles"]) if trial else self.start

    @property
    def final(self) -> int | None:
        """When the last regular cycle is paid for; None when there is no last one."""
        return self.due(self.plan["cycles"] - 1) if self.plan["cycles"] else None

    def trial_due(self, number: int) -> int:
        """Tell when a trial cycle begins, counted from 0; after the last one it is the end of the trial."""
        trial = self.plan["trial"]
        return step(self.start, interval_of(trial["interval"]), min(number, trial["cycles"]))

    def due(self, number: int) -> int:
        """Tell when a regular cycle is paid for, counted from 0."""
        return step(self.trial_ends, interval_of(self.plan["interval"]), number)

    def trials_over(self, until: int) -> int:
        """Count the trial cycles that were over at a moment."""
        trial = self.plan["trial"]
        return sum(self.trial_due(number) <= until for number in range(1, trial["cycles"] + 1)) if trial else 0

    def reached(self, until: int) -> int:
        """Count the regular cycles that were due at a moment."""
        number = 0
        while self.due(number) <= until and (not self.plan["cycles"] or number < self.plan["cycles"]):
            number += 1
        return number

    def next_due(self, until: int, reached: int) -> int:
        """Tell when the next cycle of either kind begins, with so many regular ones reached."""
        in_trial = self.plan["trial"] and not reached
        return self.trial_due(self.trials_over(until) + 1) if in_trial else self.due(reached)


def executions(plan: Record, *, trials: int, regulars: int) -> list[Record]:
    """Write what is done of each kind of cycle; one without end has nothing left."""
    done = [("TRIAL", plan["trial"]["cycles"], trials)] if plan["trial"] else []
    done.append(("REGULAR", plan["cycles"], regulars))
    return [
        {
            "tenure_type": tenure,
            "sequence": place,
            "cycles_completed": completed,
            "cycles_remaining": max(total - completed, 0),
            "current_pricing_scheme_version": 1,
            "total_cycles": total,
        }
        for place, (tenure, total, completed) in enumerate(done, start=1)
    ]


def completed(subscription: Record, tenure: str) -> int:
    """Count the cycles of a kind that a subscription has behind it."""
    found = (one for one in subscription["executions"] if one["tenure_type"] == tenure)
    return next((int(one["cycles_completed"]) for one in found), 0)


def is_in_trial(subscription: Record) -> bool:
    """Tell whether trial cycles are left."""
    return any(one["tenure_type"] == "TRIAL" and one["cycles_remaining"] for one in subscription["executions"])
