"""What was done in a run, and whether it was answered, noted for the auditor."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Write:
    """A row that the store wrote by our API; `outcome` is empty where no try of it was answered."""

    key: str
    payment: str
    amount: str
    status: str
    outcome: str = ""
    repeated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that a marketer did; `is_answered` tells whether the site said that it is done."""

    kind: str
    what: str
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A reader loaded an e-mail's picture, or followed a link; `is_answered` tells whether they were answered."""

    number: str
    kind: str
    is_answered: bool


@dataclass(slots=True)
class Notes:
    """What was done; `surprises` are answers that no fault explains."""

    happened: int = 0
    writes: list[Write] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
