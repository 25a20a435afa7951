"""Sending the e-mails of steps: outside any transaction, each once, whoever dies in between.

A message waits as a row. Whoever claims it composes it, marks it as handed over with all that is sent, and only then
gives it to the mail server: a crash before that loses nothing, and one after it leaves the message as uncertain, and
is never answered by sending it again. Whom nothing may be sent to is asked at the last moment.
"""

import logging
import smtplib
import time
from typing import Any

from django.core import mail
from django.db import transaction
from django.utils import timezone

from automations import bell, plans
from automations.composing import CannotCompose, compose
from automations.models import Automation, Enrolment, Message
from automations.suppressing import why_not
from config import turns
from config.posting import Answer, Verdict, post

logger = logging.getLogger(__name__)

# Attempts at a mail server that cannot be reached; with the pauses between them, about three hours.
MAX_ATTEMPTS = 200
_AT_ONCE = 100
State = Message.State


def send(*, seconds: float) -> bool:
    """Send what waits, for some seconds; tell whether there is more that can be sent at once."""
    ends, mailer = time.monotonic() + seconds, _Mailer()
    try:
        while due := _due():
            for pk in due:
                if turns.take(Message, pk) and not _send(_read(pk), mailer):
                    return False
                if time.monotonic() >= ends:
                    return True
    finally:
        mailer.close()
        bell.ring()  # whose e-mails are sent goes on
    return False


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return bool(_due())


def sweep() -> None:
    """Call uncertain what a dead process may or may not have sent, and let those people go on."""
    lost = Message.objects.filter(state=State.HANDED, claimed_until__lte=timezone.now())
    for row in lost.select_related("enrolment"):
        _close(row, State.UNCERTAIN)


class _Mailer:
    """The connection to the mail server, opened when the first message is ready and kept for the others."""

    def __init__(self) -> None:
        self.connection: Any = None

    def open(self) -> Any:
        """Return it, open; raise what the library raises where the server cannot be reached."""
        if self.connection is None:
            mailer = mail.mailers.default
            mailer.open()
            self.connection = mailer
        return self.connection

    def close(self) -> None:
        """Leave the server."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _due() -> list[int]:
    """Name some messages that wait and are due, the longest first; those of a paused automation are held."""
    waiting = Message.free(timezone.now()).filter(enrolment__automation__state=Automation.State.ACTIVE)
    return list(waiting.order_by("claimed_until").values_list("pk", flat=True)[:_AT_ONCE])


def _read(pk: int) -> Message:
    rows = Message.objects.select_related("enrolment__contact", "enrolment__payment", "enrolment__automation")
    return rows.get(pk=pk)


def _send(row: Message, mailer: _Mailer) -> bool:
    """Send one message that is ours; False where the mail server cannot be reached."""
    one = row.enrolment
    step = plans.load(one.version_id).route.steps.get(row.step)
    if step is None or one.step != row.step or not one.is_inside:
        turns.close(row, State.CANCELLED)
        return True
    if reason := why_not(step, one):
        _close(row, State.SUPPRESSED, problem=reason)
        return True
    try:
        message = compose(step, one, row)
    except CannotCompose as error:
        _close(row, State.FAILED, problem="template", detail=str(error))
        return True
    try:
        connection = mailer.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server cannot be reached (%s)", type(error).__name__)
        _later(row, "unreachable")
        return False
    kept = {"email": message.to[0], "subject": message.subject, "text": message.body}
    until = timezone.now() + turns.CLAIM
    if turns.ours(row).update(state=State.HANDED, claimed_until=until, **kept):
        _note(row, post(connection, message), mailer)
    return True


def _note(row: Message, answer: Answer, mailer: _Mailer) -> None:
    """Write down what the mail server said."""
    if answer.verdict is Verdict.SENT:
        _close(row, State.SENT)
        return
    mailer.close()  # who knows in which state it is
    if answer.verdict is Verdict.UNKNOWN:
        _close(row, State.UNCERTAIN)
    elif answer.verdict is Verdict.PUT_OFF:
        _later(row, "refused")
    elif answer.is_address:
        _close(row, State.SUPPRESSED, problem="address_refused")
    else:
        _close(row, State.FAILED, problem="refused")


def _later(row: Message, problem: str) -> None:
    pause = turns.failed(row)
    if row.failures >= MAX_ATTEMPTS:
        _close(row, State.FAILED, problem=problem)
        return
    turns.ours(row).update(state=State.WAITING, problem=problem)
    turns.leave(row, pause)


@transaction.atomic
def _close(row: Message, state: State, *, problem: str = "", detail: str = "") -> None:
    """End it, and let the person go on, both or neither."""
    turns.close(row, state, problem=problem, detail=detail)
    rows = Enrolment.objects.filter(pk=row.enrolment_id, step=row.step, state__in=Enrolment.INSIDE)
    rows.update(wake_at=timezone.now())
