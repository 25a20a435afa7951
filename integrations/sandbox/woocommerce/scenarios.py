"""The situations that a subscription or a customer can be in; every shop of 35 or more has each at least once."""

from dataclasses import dataclass
from typing import Literal

from integrations.sandbox.names import HTML_NAME, LONG_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation of a subscription: `latest` is the state of its newest order, `age` in days."""

    name: str
    status: str = "active"
    latest: str = "completed"
    weight: int = 1
    age: tuple[float, float] = (2, 900)
    trial: Literal["", "running", "over"] = ""
    is_first: bool = False
    """Whether there was no renewal yet."""
    retries: bool = False
    """Whether the payment will be tried again."""
    ends: Literal["", "asked", "ended", "planned"] = ""
    refund: Literal["", "half", "whole"] = ""
    then: Literal["", "resubscribe", "switch"] = ""
    """What the customer did afterwards, which made a further subscription."""
    is_guest: bool = False
    is_gift: bool = False
    is_by_hand: bool = False
    """Whether the merchant made it, without a parent order."""
    is_manual: bool = False
    """Whether the customer pays each renewal in person."""


ACTIVE = Scenario(name="active", weight=60)
PENDING = Scenario(name="first payment awaited", status="pending", latest="pending", is_first=True, age=(0.01, 2))
TRIAL = Scenario(name="trial", trial="running", latest="zero", is_first=True, age=(1, 12), weight=6)
ENDED = Scenario(name="cancelled", status="cancelled", ends="ended", weight=8)

SCENARIOS = (
    ACTIVE,
    PENDING,
    TRIAL,
    ENDED,
    Scenario(name="paused", status="on-hold", weight=3),
    Scenario(name="payment tried again", status="on-hold", latest="pending", retries=True, weight=3),
    Scenario(name="payment given up", status="on-hold", latest="failed", weight=2),
    Scenario(name="first payment failed", status="pending", latest="failed", is_first=True, age=(0.01, 2)),
    Scenario(name="leaving", status="pending-cancel", ends="asked", weight=4),
    Scenario(name="cancelled after failures", status="cancelled", latest="failed", ends="ended", weight=2),
    Scenario(name="expired", status="expired", ends="ended", weight=2),
    Scenario(name="came back", status="cancelled", ends="ended", then="resubscribe"),
    Scenario(name="switched", status="switched", ends="ended", then="switch"),
    Scenario(name="gift", is_gift=True, weight=2),
    Scenario(name="guest", is_guest=True, weight=2),
    Scenario(name="made by hand", is_by_hand=True),
    Scenario(name="waits for a transfer", status="on-hold", latest="on-hold", is_manual=True),
    Scenario(name="had a trial", trial="over", age=(40, 400), weight=5),
    Scenario(name="new today", age=(0.01, 0.9), is_first=True, latest="processing", weight=2),
    Scenario(name="ends after a number of payments", ends="planned", weight=2),
    Scenario(name="refunded", latest="refunded", refund="whole"),
    Scenario(name="half refunded", refund="half"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """Something unusual about a customer."""

    name: str = ""
    has_email: bool = True
    shouts: bool = False
    """Whether the e-mail address is in capitals."""
    repeats: bool = False
    """Whether the e-mail address is that of the customer before."""


PLAIN = Quirk()
QUIRKS = (
    Quirk(name=HTML_NAME),
    Quirk(name="Zoë Müller"),
    PLAIN,
    Quirk(has_email=False),
    Quirk(name=LONG_NAME),
    Quirk(name="Cher"),
    Quirk(shouts=True),
    Quirk(shouts=True, repeats=True),
)
