"""E-mails that wait as rows, and are sent once at most, whatever dies.

A row is marked as handed over just before the mail server gets its e-mail: a crash before that loses nothing, and one
after it sends nothing twice. What such a row is of, and when it was tried often enough, only its app knows.
"""

import time
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.utils import timezone

from config import turns
from config.posting import Answer, Verdict, post, reach
from config.turns import Claimed

_AT_ONCE = 100
_WAITING, _HANDED, _SENT, _FAILED = "waiting", "handed", "sent", "failed"


def waiting(model: type[Claimed]) -> list[int]:
    """Name some rows that wait and are due, the longest first."""
    return list(model.free(timezone.now()).order_by("claimed_until").values_list("pk", flat=True)[:_AT_ONCE])


def send(model: type[Claimed], one: Callable[[int], bool], *, ends: float) -> bool:
    """Have each row that waits sent by `one`, until it says that the mail server cannot be reached, or until a moment
    of the monotonic clock; tell whether there is more that can be sent at once.
    """
    while found := waiting(model):
        for pk in found:
            if turns.take(model, pk) and not one(pk):
                return False
            if time.monotonic() >= ends:
                return True
    return False


def give_up(model: type[Claimed]) -> None:
    """Call failed what a dead process may or may not have sent."""
    now = timezone.now()
    rows: QuerySet[Any] = model._default_manager.all()
    rows.filter(state=_HANDED, claimed_until__lte=now).update(state=_FAILED, problem="unknown", finished_at=now)


def hand_over(
    row: Claimed,
    message: EmailMessage,
    *,
    is_last: bool,
    refused: Callable[[], None] = lambda: None,
    **kept: Any,
) -> bool:
    """Let the mail server have the e-mail of a row that is ours; False where it cannot be reached.

    What can be tried again is, unless this was the last time; `refused` is called where the address is refused for
    good, and `kept` are fields of the row that are written before.
    """
    mailer = reach()
    if mailer is None:
        _put_off(row, "unreachable", is_last=is_last)
        return False
    try:
        until = timezone.now() + turns.CLAIM
        if turns.ours(row).update(state=_HANDED, claimed_until=until, **kept):  # else another process took it over
            _close(row, post(mailer, message), is_last=is_last, refused=refused)
    finally:
        mailer.close()
    return True


def _close(row: Claimed, answer: Answer, *, is_last: bool, refused: Callable[[], None]) -> None:
    """Believe what the mail server says for certain; silence is no yes."""
    if answer.verdict is Verdict.SENT:
        turns.close(row, _SENT)
    elif answer.verdict is Verdict.UNKNOWN:
        turns.close(row, _FAILED, problem="unknown")
    elif answer.verdict is Verdict.PUT_OFF:
        _put_off(row, "refused", is_last=is_last)
    else:
        turns.close(row, _FAILED, problem="refused")
        if answer.is_address:
            refused()


def _put_off(row: Claimed, problem: str, *, is_last: bool) -> None:
    if is_last:
        turns.close(row, _FAILED, problem=problem)
        return
    pause = turns.failed(row)
    turns.ours(row).update(state=_WAITING)
    turns.leave(row, pause)
