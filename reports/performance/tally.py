"""The numbers of e-mails that were sent, and the shares that follow from them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of some messages: how many of them did each thing; `opens`, `machine_opens` and `clicks` are times.

    `opened` are those that a person opened or clicked in, `by_machines` those that programs alone opened. `confirmed`
    are those of which a provider said that they arrived.
    """

    sent: int = 0
    confirmed: int = 0
    opened: int = 0
    opens: int = 0
    by_machines: int = 0
    machine_opens: int = 0
    clicked: int = 0
    clicks: int = 0
    replied: int = 0
    bounced: int = 0
    soft_bounced: int = 0
    unsubscribed: int = 0
    complained: int = 0

    @property
    def delivered(self) -> int:
        """What did not come back."""
        return self.sent - self.bounced

    def share(self, name: str) -> float | None:
        """Return a number as a share of what was sent, from 0 to 100; None where nothing was."""
        return 100 * getattr(self, name) / self.sent if self.sent else None

    @property
    def click_to_open(self) -> float | None:
        """Those that were clicked in as a share of those that were opened, from 0 to 100; None where none was."""
        return 100 * self.clicked / self.opened if self.opened else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in COUNTS})


COUNTS: tuple[str, ...] = tuple(one.name for one in fields(Tally))
