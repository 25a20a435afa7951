"""The situations that a subscription or a customer can be in; every shop of 25 or more has each at least once."""

from dataclasses import dataclass
from typing import Literal

from integrations.sandbox.names import HTML_NAME, LONG_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation of a subscription: `invoice` is the state of the latest one, `age` in days."""

    name: str
    status: str = "active"
    invoice: str = "paid"
    weight: int = 1
    age: tuple[float, float] = (2, 900)
    trial: Literal["", "running", "over"] = ""
    ending: Literal["", "period_end", "date", "ended"] = ""
    reason: str = ""
    """Why a canceled subscription ended, or why a paused one stands still."""
    collection: str = ""
    """What happens to invoices while collection is paused."""
    by_invoice: bool = False
    """Whether the customer is sent invoices in place of being charged."""
    has_card: bool = True


ACTIVE = Scenario(name="active", weight=60)
TRIAL = Scenario(name="trial", status="trialing", invoice="zero", trial="running", age=(1, 12), weight=7)
ENDED = Scenario(name="cancelled", status="canceled", ending="ended", reason="cancellation_requested", weight=9)

SCENARIOS = (
    ACTIVE,
    TRIAL,
    ENDED,
    Scenario(name="late", status="past_due", invoice="failed", weight=5),
    Scenario(name="unpaid", status="unpaid", invoice="exhausted"),
    Scenario(name="first payment failed", status="incomplete", invoice="failed", age=(0.01, 0.8)),
    Scenario(name="never paid", status="incomplete_expired", invoice="void", age=(2, 60)),
    Scenario(
        name="trial ended without a card",
        status="paused",
        invoice="zero",
        trial="over",
        age=(15, 40),
        reason="trial_end_without_payment_method",
        has_card=False,
    ),
    Scenario(name="paused on the first failure", status="paused", invoice="failed", reason="first_payment_failure"),
    Scenario(name="paused on the last failure", status="paused", invoice="exhausted", reason="final_payment_failure"),
    Scenario(name="paused on request", status="paused", reason="pause_requested"),
    Scenario(name="paused before there were reasons", status="paused"),
    Scenario(name="collection paused, void", collection="void", invoice="void", weight=2),
    Scenario(name="collection paused, kept", collection="keep_as_draft", invoice="draft"),
    Scenario(name="collection paused, written off", collection="mark_uncollectible", invoice="uncollectible"),
    Scenario(name="ends with the period", ending="period_end", weight=4),
    Scenario(name="ends on a date", ending="date", weight=2),
    Scenario(
        name="trial that will not go on",
        status="trialing",
        invoice="zero",
        trial="running",
        age=(1, 12),
        ending="period_end",
    ),
    Scenario(name="had a trial", trial="over", age=(15, 400), weight=6),
    Scenario(name="renewing this hour", invoice="draft"),
    Scenario(name="waiting for a transfer", invoice="open", by_invoice=True),
    Scenario(name="late with a transfer", status="past_due", invoice="overdue", by_invoice=True),
    Scenario(name="written off", invoice="uncollectible"),
    Scenario(
        name="cancelled after failures",
        status="canceled",
        invoice="exhausted",
        ending="ended",
        reason="payment_failed",
        weight=3,
    ),
    Scenario(name="new today", age=(0.01, 0.9), weight=2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """Something unusual about a customer; `email_on` says where the e-mail address is found."""

    name: str | None = ""
    email_on: Literal["customer", "invoice", "card", "nowhere"] = "customer"
    shouts: bool = False
    """Whether the e-mail address is in capitals."""
    repeats: bool = False
    """Whether the e-mail address is that of the customer before."""
    is_deleted: bool = False
    has_card: bool = True


PLAIN = Quirk()
QUIRKS = (
    Quirk(name=HTML_NAME),
    Quirk(name="Zoë Müller"),
    PLAIN,
    Quirk(email_on="invoice"),
    Quirk(email_on="card"),
    Quirk(is_deleted=True),
    Quirk(name=LONG_NAME),
    Quirk(email_on="nowhere"),
    Quirk(name=None),
    Quirk(name="Cher"),
    Quirk(shouts=True),
    Quirk(shouts=True, repeats=True),
    Quirk(has_card=False),
)
