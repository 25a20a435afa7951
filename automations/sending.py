"""Sending the e-mails of steps and of direct campaigns: outside any transaction, each once, whoever dies in between.

A message waits as a row. Whoever claims it composes it, marks it as handed over with all that is sent, and only then
gives it to the mail server: a crash before that loses nothing, and one after it leaves the message as uncertain, and
is never answered by sending it again. Whom nothing may be sent to is asked at the last moment.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from automations import bell, outbox, resending, suppressing
from automations.composing import CannotCompose, Composed, compose, why_not
from automations.email import sheets
from automations.mailings import letters
from automations.models import Message, Sender
from config import turns
from config.limits.allowances import Limit, take
from config.posting import Answer, Verdict, post, reach

State = Message.State
# A message that waits, and what is read along with it.
type _Due = tuple[int, tuple[str, ...]]


def send(*, seconds: float) -> bool:
    """Send what waits, for some seconds; tell whether there is more that can be sent at once."""
    ends, sender = time.monotonic() + seconds, sheets.sender()
    mailer, pace = _Mailer(), _Pace(sender.per_minute)
    try:
        while due := deque(_due()):
            while due:
                if not (room := pace.room(before=ends)):
                    return True
                some = [due.popleft() for _ in range(min(room, len(due)))]
                pace.spend(len(some))
                if not _send_all(some, sender, mailer, ends):
                    return False
                if time.monotonic() >= ends:
                    return True
    finally:
        mailer.close()
        bell.ring()  # whose e-mails are sent goes on
    return False


def _send_all(due: Sequence[_Due], sender: Sender, mailer: "_Mailer", ends: float) -> bool:
    """Claim some messages and send those that are ours, while there is time; False where no mail server answers."""
    hand = _Hand(due)
    does_answer = True
    while hand.waiting and does_answer:
        row = hand.next()
        does_answer = row is None or _send(row, sender, mailer)
        if time.monotonic() >= ends:
            break
    hand.give_back()
    return does_answer


class _Hand:
    """Messages that are ours, read together; what was read a while ago is read again, since people change meanwhile."""

    _FRESH = 0.5  # seconds

    def __init__(self, due: Sequence[_Due]) -> None:
        """Claim those that nobody else has."""
        self._ours = turns.take_some(Message, [pk for pk, _ in due])
        taken = set(self._ours.values_list("pk", flat=True))
        self.waiting = deque((pk, belonging) for pk, belonging in due if pk in taken)
        self._read: dict[int, Message] = {}
        self._read_at = -math.inf

    def next(self) -> Message | None:
        """Take the next of them; None if its person has been erased meanwhile."""
        if time.monotonic() - self._read_at > self._FRESH:
            self._read_all()
        return self._read.get(self.waiting.popleft()[0])

    def give_back(self) -> None:
        """Let those that were not taken wait on."""
        _give_back(self._ours.filter(pk__in=[pk for pk, _ in self.waiting]))

    def _read_all(self) -> None:
        kinds = defaultdict[tuple[str, ...], list[int]](list)
        for pk, belonging in self.waiting:
            kinds[belonging].append(pk)
        self._read_at = time.monotonic()
        rows = (self._ours.select_related(*names).filter(pk__in=pks) for names, pks in kinds.items())
        self._read = {row.pk: row for kind in rows for row in kind}


# What is read along with a message: what its step, its mailing or its first attempt tells.
_OF_STEP = ("contact", "enrolment__contact", "enrolment__payment", "enrolment__automation")
_OF_MAILING = ("contact", "mailing__version")
_AGAIN = ("contact", "mailing", "sheet__version")


def _due() -> list[_Due]:
    """Name some that wait, those of steps first: nobody's way waits for a campaign that goes to many."""
    of_steps = outbox.due(Message, mailing=None, again_at=None)
    kinds = ((of_steps, _OF_STEP), (resending.due(), _AGAIN), (letters.due(), _OF_MAILING))
    return [(pk, belonging) for pks, belonging in kinds for pk in pks]


class _Pace:
    """How many may leave, all processes together: a few seconds' worth at once, and no more than that.

    Where there is room for some, they are asked for together.
    """

    _TOGETHER = 10

    def __init__(self, per_minute: int) -> None:
        burst = max(per_minute // 20, 1)
        self._limit = Limit(name="e-mails", burst=burst, seconds=burst * 60 / per_minute)
        self._left = 0

    def room(self, *, before: float) -> int:
        """Wait until one may leave, or some, and return how many; 0 if none may before a moment of monotonic time."""
        if not self._left:
            some = min(self._TOGETHER, self._limit.burst)
            self._left = some if take(self._limit, count=some) == 0 else self._one(before)
        return self._left

    def spend(self, count: int) -> None:
        """Let so many of them leave."""
        self._left -= count

    def _one(self, before: float) -> int:
        while wait := take(self._limit):
            if time.monotonic() + wait >= before:
                return 0
            time.sleep(wait)
        return 1


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return bool(_due())


def sweep() -> None:
    """Call uncertain what a dead process may or may not have sent, and let those people go on."""
    lost = Message.objects.filter(state=State.HANDED, claimed_until__lte=timezone.now())
    for row in lost.select_related("enrolment"):
        outbox.close(row, State.UNCERTAIN)


class _Mailer:
    """The connection to the mail server, opened when the first message is ready and kept for the others."""

    def __init__(self) -> None:
        self.connection: Any = None

    def open(self) -> Any | None:
        """Return it, open; None where the server cannot be reached."""
        self.connection = self.connection or reach()
        return self.connection

    def close(self) -> None:
        """Leave the server."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _send(row: Message, sender: Sender, mailer: _Mailer) -> bool:
    """Send one message that is ours; False where the mail server cannot be reached."""
    task = _task(row)
    if task is None:
        return True
    try:
        if (reason := task.why_not()) == suppressing.GONE:
            _give_back(turns.ours(row))  # its person was erased, and it too, or joined with another, whose it is now
            return True
        if reason:
            outbox.close(row, State.SUPPRESSED, problem=reason)
            return True
        composed = task.compose(sender)
    except CannotCompose as error:
        outbox.close(row, State.FAILED, problem=error.reason, detail=error.detail)
        return True
    connection = mailer.open()
    if connection is None:
        outbox.put_off(row, "unreachable")
        return False
    until = timezone.now() + turns.CLAIM
    if turns.ours(row).update(state=State.HANDED, claimed_until=until, **composed.kept):
        _note(row, post(connection, composed.message), mailer)
    return True


def _give_back(ours: "QuerySet[Message]") -> None:
    """Let those that are ours wait on."""
    ours.update(state=State.WAITING, claim="", claimed_until=timezone.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What is asked of whoever knows what a message is of: why it is not to be sent, and how it reads."""

    why_not: Callable[[], str]
    compose: Callable[[Sender], Composed]


def _task(row: Message) -> _Task | None:
    """Return it; None where nobody waits for the message any more, or where it is held."""
    if row.again_at:
        return _Task(why_not=partial(resending.why_not, row), compose=partial(resending.compose, row))
    return _of_step(row) if row.mailing is None else _of_mailing(row)


def _of_step(row: Message) -> _Task | None:
    """Return it for a message that somebody waits for at a step; None where nobody does any more."""
    one, step = row.enrolment, outbox.step_of(row)
    if one is None or step is None:
        return None
    return _Task(why_not=partial(why_not, step, one), compose=partial(compose, step, one, row))


def _of_mailing(row: Message) -> _Task | None:
    """Return it for a message of a direct campaign; None where that is held, and then it waits on."""
    if not letters.is_going_out(row):
        _give_back(turns.ours(row))
        return None
    return _Task(why_not=partial(letters.why_not, row), compose=partial(letters.compose, row))


def _note(row: Message, answer: Answer, mailer: _Mailer) -> None:
    """Write down what the mail server said."""
    if answer.verdict is Verdict.SENT:
        outbox.close(row, State.SENT, sent_at=row.sent_at or timezone.now())
        return
    mailer.close()  # who knows in which state it is
    if answer.verdict is Verdict.UNKNOWN:
        outbox.close(row, State.UNCERTAIN)
    elif answer.verdict is Verdict.PUT_OFF:
        outbox.put_off(row, "refused")
    elif answer.is_address:
        outbox.close(row, State.SUPPRESSED, problem="address_refused")
    else:
        outbox.close(row, State.FAILED, problem="refused")
