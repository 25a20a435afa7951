"""What the world outside knows of a run: the shops, those who got e-mails and calls, and those who asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.notes import Act, Read, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """All of it as plain data.

    `truth` is each shop's payments as an empty database reads them now: shop, payment, field, value as JSON has it.
    `statuses` are the same payments' raw status words in the shop's own files.
    `accepted` are the events of each shop that were answered with success, by the part of the inbox's key that
    the shop knows. `mails` and `calls` say how often each number was taken. `poisoned` are the keys of events that
    cannot be read on purpose. `audit_entries` are the sizes of the audit log that were seen, in their order.
    """

    truth: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    statuses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mails: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    writes: tuple[Write, ...] = ()
    acts: tuple[Act, ...] = ()
    reads: tuple[Read, ...] = ()
    poisoned: frozenset[str] = frozenset()
    audit_entries: tuple[int, ...] = ()
