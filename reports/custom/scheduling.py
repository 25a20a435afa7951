"""Sending reports when they are due: each e-mail waits as a row, and is sent once, whatever dies.

What is due is turned into e-mails under the schedule's own `next_at`, so that of two sweeps at once only one does it.
Whether somebody may see reports is asked when their e-mail is sent.
"""

import time
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from config import mail_rows, turns
from reports import bell
from reports.custom import calendar, scheduled_mail
from reports.custom.asking import TooSlow
from reports.custom.reading import ReportError
from reports.models import Report, ReportMail, Schedule

PERMISSION = "reports.view_report"
MOST_RECIPIENTS = 50
MOST_OF_REPORT = 20
# How long a mail server that cannot be reached is tried.
PATIENCE = timedelta(hours=3)
# How long is remembered what was sent.
KEPT = timedelta(days=90)
_AT_ONCE = 50
State, Kind = ReportMail.State, ReportMail.Kind


def readers() -> "QuerySet[User]":
    """Return the members of the team to whom reports can be sent: those who may see them, and have an address."""
    may: QuerySet[User] = get_user_model().objects.with_perm(
        PERMISSION, backend="django.contrib.auth.backends.ModelBackend"
    )
    return may.filter(is_active=True, is_staff=True).exclude(email="").order_by("first_name", "username")


@transaction.atomic
def save(schedule: Schedule, *, recipients: Iterable[User], is_on: bool = True) -> Schedule:
    """Save a schedule, with when it is due next if it `is_on`."""
    schedule.next_at = calendar.following(schedule, timezone.now()) if is_on else None
    schedule.save()
    schedule.recipients.set(recipients)
    return schedule


def send_now(schedule: Schedule, to: User) -> ReportMail:
    """Have one e-mail sent to one person, whatever the time."""
    made = ReportMail.objects.create(schedule=schedule, recipient=to)
    transaction.on_commit(bell.ring_mail)
    return made


def work(*, seconds: float) -> bool:
    """Turn what is due into e-mails and send what waits, for some seconds; tell whether there is more to do at once."""
    ends = time.monotonic() + seconds
    for schedule in Schedule.objects.filter(next_at__lte=timezone.now()).select_related("report")[:_AT_ONCE]:
        _make(schedule)
    return mail_rows.send(ReportMail, _send, ends=ends)


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return Schedule.objects.filter(next_at__lte=timezone.now()).exists() or bool(mail_rows.waiting(ReportMail))


def sweep() -> None:
    """Call failed what a dead process may or may not have sent, and forget what was sent long ago."""
    mail_rows.give_up(ReportMail)
    ReportMail.objects.filter(due_at__lte=timezone.now() - KEPT).exclude(state__in=ReportMail.OPEN).delete()


@transaction.atomic
def _make(schedule: Schedule) -> None:
    """Make the e-mails of a schedule that is due, and say when it is due next; nothing where somebody else has."""
    due, following = schedule.next_at, calendar.following(schedule, timezone.now())
    is_ours = Schedule.objects.filter(pk=schedule.pk, next_at=due).update(next_at=following)
    if due is None or not is_ours or schedule.report.archived_at:
        return
    mails = [ReportMail(schedule=schedule, recipient=one, due_at=due) for one in schedule.recipients.filter(_may_get())]
    ReportMail.objects.bulk_create(mails, ignore_conflicts=True)


def _may_get() -> Q:
    return Q(pk__in=readers().order_by().values("pk"))


def _send(pk: int) -> bool:
    """Send one e-mail that is ours; False where the mail server cannot be reached."""
    row = ReportMail.objects.select_related("schedule__report", "schedule__owner", "recipient").get(pk=pk)
    if not _is_needed(row):
        turns.close(row, State.NEEDLESS)
        return True
    message = _composed(row)
    if message is None:
        return True
    return mail_rows.hand_over(row, message, is_last=timezone.now() >= row.due_at + PATIENCE)


def _is_needed(row: ReportMail) -> bool:
    """Say whether the report is still in use, and its reader still one of the team who may see it."""
    return row.schedule.report.archived_at is None and readers().filter(pk=row.recipient_id).exists()


def _composed(row: ReportMail) -> EmailMessage | None:
    """Make the message; None where the report cannot be made, which its owner is told once."""
    schedule = row.schedule
    with translation.override(schedule.language):
        if row.kind == Kind.PROBLEM:
            return scheduled_mail.about_problem(row)
        try:
            message = scheduled_mail.compose(row, is_alive=lambda: turns.keep(row))
        except turns.Lost:
            return None
        except ReportError as error:
            return _fail(row, "; ".join(error.errors.values()))
        except TooSlow:
            return _fail(row, gettext("Counting it takes too long. A shorter period or fewer groups may help."))
    Schedule.objects.filter(pk=schedule.pk).exclude(problem="").update(problem="")
    return message


@transaction.atomic
def _fail(row: ReportMail, problem: str) -> None:
    """Keep why a report cannot be made, and have its owner told; of many readers of one report the first does it."""
    words = problem[:500]
    turns.close(row, State.FAILED, problem=words)
    Schedule.objects.filter(pk=row.schedule_id).update(problem=words)
    if owner := row.schedule.owner:
        told = ReportMail(schedule=row.schedule, recipient=owner, kind=Kind.PROBLEM, due_at=row.due_at, problem=words)
        ReportMail.objects.bulk_create([told], ignore_conflicts=True)


def schedules_of(report: Report) -> "QuerySet[Schedule]":
    """Return the schedules of a report, with to whom it is sent."""
    return report.schedules.select_related("owner").prefetch_related("recipients", "mails__recipient")
