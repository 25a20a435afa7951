"""The situations of a subscription or a payer; every shop of 25 or more has each of them at least once."""

from dataclasses import dataclass
from typing import Literal

from integrations.sandbox.names import HTML_NAME, LONG_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation of a subscription: `age` in days, `needs` is what its plan must have."""

    name: str
    status: str = "ACTIVE"
    weight: int = 1
    age: tuple[float, float] = (2, 900)
    needs: Literal["", "trial", "end"] = ""
    in_trial: bool = False
    failures: int = 0
    """How often the newest payment failed in a row, which the subscription itself says."""
    failed: Literal["", "since", "before"] = ""
    """Whether a payment failed since the last one, or before it, without being counted any more."""
    subscriber: Literal["full", "email", "none"] = "full"
    note: str | None = None
    cycles_left: int | None = None


ACTIVE = Scenario(name="active", weight=60)
PENDING = Scenario(name="pending", status="APPROVAL_PENDING", age=(0.01, 0.8), weight=3, subscriber="none")

SCENARIOS = (
    ACTIVE,
    PENDING,
    Scenario(name="in trial", needs="trial", in_trial=True, weight=7),
    Scenario(name="cancelled", status="CANCELLED", weight=9, note="No longer needed"),
    Scenario(name="failing", failures=1, age=(800, 900), weight=4),
    Scenario(name="suspended", status="SUSPENDED", note="Customer is travelling", weight=3),
    Scenario(name="suspended after failures", status="SUSPENDED", failures=3, age=(800, 900), weight=2),
    Scenario(name="expired", status="EXPIRED", needs="end", cycles_left=0, weight=3),
    Scenario(name="approved", status="APPROVED", age=(0.01, 0.8)),
    Scenario(name="failing again", failures=2, age=(800, 900)),
    Scenario(name="failed since the last payment", failed="since", age=(800, 900)),
    Scenario(name="failed once, paid since", failed="before", age=(800, 900)),
    Scenario(name="pending with an e-mail address", status="APPROVAL_PENDING", age=(0.01, 0.8), subscriber="email"),
    Scenario(name="had a trial", needs="trial", age=(100, 700), weight=5),
    Scenario(name="last cycle", needs="end", cycles_left=1),
    Scenario(name="cancelled after failures", status="CANCELLED", failures=3, age=(800, 900), weight=2),
    Scenario(name="cancelled in trial", status="CANCELLED", needs="trial", in_trial=True),
    Scenario(name="new today", age=(0.01, 0.9), weight=2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """Something unusual about a payer."""

    name: str | None = ""
    has_email: bool = True
    shouts: bool = False
    """Whether the e-mail address is in capitals."""
    repeats: bool = False
    """Whether the e-mail address is that of the payer before."""
    has_card: bool | None = None
    ships_to: Literal["", "nobody", "address only"] = ""


PLAIN = Quirk()
QUIRKS = (
    Quirk(name=HTML_NAME),
    Quirk(name="Zoë Müller", has_card=True),
    PLAIN,
    Quirk(has_email=False),
    Quirk(name=LONG_NAME),
    Quirk(name="Cher"),
    Quirk(name=None),
    Quirk(shouts=True),
    Quirk(shouts=True, repeats=True),
    Quirk(has_card=False, ships_to="nobody"),
    Quirk(ships_to="address only"),
)
