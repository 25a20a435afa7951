"""What became of one payment since it began, from what it is now and what its change log says that it was before.

A payment is told for the first time as it is then, often years after it began. So what lies before that is told by its
dates: it is taken to have been active since its start; one that has ended, until its end, if any charge of it is known;
one that is paused, until its last charge; one that failed, until the next charge was due. The last charge is the one
that was known then, so that no later one moves the past. From then on each change counts from the moment for which the
store told it, and never before the one that was recorded before it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reports.business import mrr
from reports.models import Episode
from subscriptions.catalogue import BY_NAME, Status

Kind = Episode.Kind
Outcome = Episode.Outcome
# What is read of a payment.
FIELDS = (
    *mrr.FIELDS,
    "status",
    "is_trial",
    "start_date",
    "cancelled_date",
    "last_payment_date",
    "store_created_date",
)
# Of which only what was told first matters.
CHARGE = "last_payment_date"
# What of its changes matters to what became of it.
TOLD = (*mrr.FIELDS, "status", "is_trial")
_ENDED = frozenset({Status.CANCELLED.value, Status.EXPIRED.value})
_YEAR = 365.25
_LONGEST = 10 * _YEAR
type Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A change as the log has it: when it happened, when it was recorded, and each field's value before, as dumped.

    Of the first one, by which a payment was told, `before` has what was told then of what no report follows since.
    """

    occurred_at: datetime
    recorded_at: datetime
    before: Mapping[str, Any]

    @property
    def at(self) -> datetime:
        """Return from when on it counts; nothing that is known lies in the future."""
        return min(self.occurred_at, self.recorded_at)


@dataclass(frozen=True, slots=True)
class Piece:
    """From `since` on a payment was of this kind, None where it was nothing that counts, and worth so much a month."""

    since: datetime
    kind: str | None
    worth: int
    currency: str
    has_ended: bool

    @property
    def level(self) -> int:
        """Return its monthly recurring revenue."""
        return self.worth if self.kind in (Kind.ACTIVE, Kind.FAILED) else 0


def pieces(now: Values, first: Change, later: Sequence[Change]) -> list[Piece]:
    """Return what became of a payment, in order; `first` is when it was first told, `later` the changes since."""
    values = dict(now)
    told: list[tuple[datetime, Values]] = []
    for change in reversed(later):
        told.append((change.at, dict(values)))
        values |= _before(change, values)
    values |= _before(first, values)
    # what the store told next was so from then on, whenever we heard of the first
    known_at = min([first.recorded_at, *(change.at for change in later[:1])])
    found = _before_told(values, first, known_at)
    moment = found[-1].since
    for at, state in reversed(told):
        moment = max(moment, at)
        found.append(_piece(moment, state))
    return _without_repeats(found)


def _before(change: Change, values: Values) -> dict[str, Any]:
    return {name: _loaded(name, value) for name, value in change.before.items() if name in values}


def episodes(found: Sequence[Piece]) -> list[dict[str, Any]]:
    """Return the times in which it was of one kind, as rows without payment and contact."""
    groups: list[list[Piece]] = []
    for piece in found:
        if groups and groups[-1][0].kind == piece.kind:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_episode(group, groups[place + 1 :]) for place, group in enumerate(groups) if group[0].kind]


def levels(found: Iterable[Piece]) -> list[tuple[datetime, str, int]]:
    """Return by how much its monthly recurring revenue changed when, in which currency."""
    changes: list[tuple[datetime, str, int]] = []
    currency, level = "", 0
    for piece in found:
        if piece.currency != currency and level:
            changes.append((piece.since, currency, -level))
            level = 0
        if piece.level != level:
            changes.append((piece.since, piece.currency, piece.level - level))
        currency, level = piece.currency, piece.level
    return changes


def _kind(values: Values) -> str | None:
    status = values["status"]
    if status == Status.ACTIVE:
        return Kind.TRIAL if values["is_trial"] else Kind.ACTIVE
    # a trial is paid for by nobody, so no charge of it can fail
    if status == Status.PAYMENT_FAILED:
        return None if values["is_trial"] else Kind.FAILED
    return Kind.PAUSED if status == Status.PAUSED else None


def _piece(since: datetime, values: Values, kind: str | None = "") -> Piece:
    return Piece(
        since=since,
        kind=_kind(values) if kind == "" else kind,
        worth=mrr.a_month(values),
        currency=values["currency"],
        has_ended=values["status"] in _ENDED,
    )


def _before_told(values: Values, first: Change, known_at: datetime) -> list[Piece]:
    """Return what its dates say of the time before it was first told, and what it was `known_at` at the latest."""
    begun = min(values["start_date"] or values["store_created_date"] or first.occurred_at, first.recorded_at)
    kind = _kind(values)
    if values["status"] in _ENDED:
        return _ended_before(values, begun, known_at)
    if kind == Kind.PAUSED and (paid := values["last_payment_date"]) and begun < paid:
        return [_piece(begun, values, Kind.ACTIVE), _piece(max(begun, min(paid, known_at)), values)]
    if kind == Kind.FAILED and begun < (failed := min(_next_charge(values) or known_at, known_at)):
        return [_piece(begun, values, Kind.ACTIVE), _piece(failed, values)]
    return [_piece(begun, values)]


def _next_charge(values: Values) -> datetime | None:
    """Return when the charge after the last one was due; None where that is not known."""
    paid, times = values["last_payment_date"], mrr.A_YEAR.get(values["billing_interval"])
    days = _YEAR * max(1, values["billing_interval_count"] or 1) / times if times else 0
    return paid + timedelta(days=days) if paid and 0 < days < _LONGEST else None


def _ended_before(values: Values, begun: datetime, known_at: datetime) -> list[Piece]:
    paid = values["last_payment_date"]
    end = values["cancelled_date"] or paid
    kind = Kind.TRIAL if values["is_trial"] else Kind.ACTIVE if paid else None
    if kind is None or end is None or end <= begun:
        return [_piece(begun, values)]
    return [_piece(begun, values, kind), _piece(max(begun, min(end, known_at)), values)]


def _without_repeats(found: list[Piece]) -> list[Piece]:
    """Leave out what says nothing new, and of several at one moment all but the last."""
    kept: list[Piece] = []
    for piece in found:
        if kept and kept[-1].since == piece.since:
            kept.pop()
        if kept and _same(kept[-1], piece):
            continue
        kept.append(piece)
    return kept


def _same(one: Piece, other: Piece) -> bool:
    return (one.kind, one.worth, one.currency, one.has_ended) == (
        other.kind,
        other.worth,
        other.currency,
        other.has_ended,
    )


def _episode(group: Sequence[Piece], following: Sequence[Sequence[Piece]]) -> dict[str, Any]:
    last = group[-1]
    return {
        "kind": str(last.kind),
        "since": group[0].since,
        "until": following[0][0].since if following else None,
        "outcome": str(_OUTCOMES[last.kind or ""](following) if following else Outcome.OPEN),
        "amount": last.worth,
        "currency": last.currency,
    }


def _next(following: Sequence[Sequence[Piece]]) -> Episode.Outcome | None:
    """Say what the kind after it is: active, an end, or neither."""
    piece = following[0][0]
    if piece.kind == Kind.ACTIVE:
        return Outcome.RECOVERED
    return Outcome.LOST if piece.has_ended else None


def _of_failed(following: Sequence[Sequence[Piece]]) -> Episode.Outcome:
    return _next(following) or Outcome.ELSE


def _of_trial(following: Sequence[Sequence[Piece]]) -> Episode.Outcome:
    """A trial is decided by what comes first of being active and having ended, whatever fails or pauses before."""
    decided = next((word for place in range(len(following)) if (word := _next(following[place:]))), None)
    return {Outcome.RECOVERED: Outcome.CONVERTED, Outcome.LOST: Outcome.LOST, None: Outcome.ELSE}[decided]


def _of_active(following: Sequence[Sequence[Piece]]) -> Episode.Outcome:
    return Outcome.LOST if following[0][0].has_ended else Outcome.ELSE


# kind -> how a time of it ended, by the times that follow
_OUTCOMES: dict[str, Callable[[Sequence[Sequence[Piece]]], Episode.Outcome]] = {
    Kind.ACTIVE: _of_active,
    Kind.TRIAL: _of_trial,
    Kind.PAUSED: _of_failed,
    Kind.FAILED: _of_failed,
}


def _loaded(name: str, value: Any) -> Any:
    field = BY_NAME[name]
    return field.kind.empty if value is None else field.kind.load(value)
