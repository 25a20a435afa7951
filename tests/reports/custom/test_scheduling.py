"""Reports by e-mail: when, to whom, once, over real SMTP, and what becomes of those that cannot be made."""

import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reports import tasks
from reports.custom import calendar, saved, scheduling
from reports.models import Report, ReportMail, Schedule
from subscriptions.models import Store
from tests.contacts.mail_server import MailServer, mail_server
from tests.people import member
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db
BY_STATUS = {"about": "payments", "groups": [{"by": "status"}], "measures": [{"of": "payments"}]}


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.MAILERS = running.mailers
        settings.PUBLIC_URL = "https://pay.example"
        yield running


@pytest.fixture
def marketer() -> User:
    return _with_address(member("Marketer"))


@pytest.fixture
def kept(store: Store, marketer: User) -> Report:
    tell(store, report("a", status="active"), report("b", status="active"), report("c", status="paused"))
    return saved.create(BY_STATUS, name="By status", owner=marketer)


def _with_address(person: User) -> User:
    person.email = f"{person.username}@example.com"
    person.save()
    return person


def _scheduled(kept: Report, *people: User, is_due: bool = True, **values: Any) -> Schedule:
    told: dict[str, Any] = {"rhythm": "daily", "hour": 8, "language": "en", "owner": kept.owner, **values}
    schedule = scheduling.save(Schedule(report=kept, **told), recipients=people)
    if is_due:
        Schedule.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    return schedule


def _parts(message: Any) -> dict[str, Any]:
    return {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}


# ---- when


@pytest.mark.parametrize(
    ("values", "moment", "expected"),
    [
        ({"rhythm": "daily", "hour": 8}, "2026-11-27 07:00", "2026-11-27 08:00"),
        ({"rhythm": "daily", "hour": 8}, "2026-11-27 08:00", "2026-11-28 08:00"),
        ({"rhythm": "weekly", "day": 1, "hour": 8}, "2026-11-27 09:00", "2026-11-30 08:00"),
        ({"rhythm": "monthly", "day": 31, "hour": 0}, "2026-01-31 12:00", "2026-02-28 00:00"),
        ({"rhythm": "monthly", "day": 31, "hour": 0}, "2028-02-01 12:00", "2028-02-29 00:00"),
        ({"rhythm": "daily", "hour": 2}, "2026-03-28 12:00", "2026-03-29 03:00"),  # an hour that Paris skips
        ({"rhythm": "daily", "hour": 2}, "2026-10-24 12:00", "2026-10-25 02:00"),  # one that comes twice: the first
    ],
)
def test_it_is_due_at_an_hour_of_the_accounts_zone(values: dict[str, Any], moment: str, expected: str) -> None:
    zone = ZoneInfo("Europe/Paris")
    with override_settings(TIME_ZONE="Europe/Paris"):
        now = datetime.fromisoformat(moment).replace(tzinfo=zone)
        following = calendar.following(Schedule(**values), now)
    assert following.astimezone(zone).strftime("%Y-%m-%d %H:%M") == expected


@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
    rhythm=st.sampled_from(Schedule.Rhythm.values),
    day=st.integers(1, 31),
    hour=st.integers(0, 23),
)
def test_it_is_due_again_in_time_and_never_at_once(moment: datetime, rhythm: str, day: int, hour: int) -> None:
    schedule = Schedule(rhythm=rhythm, day=min(day, 7) if rhythm == "weekly" else day, hour=hour)
    first = calendar.following(schedule, moment)
    longest = {"daily": 2, "weekly": 8, "monthly": 32}[rhythm]
    assert moment < first <= moment + timedelta(days=longest)
    assert calendar.following(schedule, first) > first


# ---- what is sent


def test_a_report_that_is_due_is_sent_once_with_its_numbers_and_its_file(
    kept: Report, marketer: User, server: MailServer
) -> None:
    _scheduled(kept, marketer)
    for _ in range(2):
        scheduling.work(seconds=5)
    [message] = server.inbox
    parts = _parts(message)
    assert message["To"] == "marketer@example.com"
    assert message["Subject"].startswith("By status – ")
    assert "Active – Recurring payments: 2" in parts["text/plain"]
    assert "https://pay.example/admin/reports/custom/" in parts["text/plain"]
    assert "<td" in parts["text/html"]
    workbook = next(content for kind, content in parts.items() if kind.endswith("spreadsheetml.sheet"))
    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(BytesIO(workbook)).namelist()
    assert Schedule.objects.get().next_at > timezone.now()
    assert ReportMail.objects.get().state == "sent"


def test_a_name_that_is_html_or_has_lines_is_a_text_in_the_e_mail(
    kept: Report, store: Store, marketer: User, server: MailServer
) -> None:
    saved.save(kept, BY_STATUS | {"groups": [{"by": "name"}]}, name="A\nBcc: x@example.com")
    tell(store, report("d", name="<script>alert(1)</script>", status="active"))
    _scheduled(kept, marketer, file="csv")
    scheduling.work(seconds=5)
    [message] = server.inbox
    assert message["Bcc"] is None
    assert "<script>" not in _parts(message)["text/html"]


def test_it_is_written_in_the_language_of_the_schedule(kept: Report, marketer: User, server: MailServer) -> None:
    _scheduled(kept, marketer, language="fr", file="")
    scheduling.work(seconds=5)
    parts = _parts(server.inbox[0])
    assert "Actif" in parts["text/plain"]
    assert 'lang="fr"' in parts["text/html"]
    assert len(parts) == 2


def test_whoever_left_the_team_or_may_not_see_reports_gets_nothing(
    kept: Report, marketer: User, server: MailServer
) -> None:
    gone, demoted, viewer = (_with_address(member(role)) for role in ("Manager", "Administrator", "Viewer"))
    _scheduled(kept, marketer, gone, demoted, viewer)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    demoted.groups.clear()
    scheduling.work(seconds=5)
    assert sorted(message["To"] for message in server.inbox) == ["marketer@example.com", "viewer@example.com"]


def test_rights_are_asked_when_an_e_mail_is_sent_and_not_when_it_is_made(
    kept: Report, marketer: User, server: MailServer
) -> None:
    mail = scheduling.send_now(_scheduled(kept, marketer, is_due=False), marketer)
    marketer.groups.clear()
    scheduling.work(seconds=5)
    mail.refresh_from_db()
    assert (server.inbox, mail.state) == ([], "needless")


def test_a_report_in_the_archive_is_not_sent(kept: Report, marketer: User, server: MailServer) -> None:
    _scheduled(kept, marketer)
    saved.archive(kept)
    scheduling.work(seconds=5)
    assert (server.inbox, ReportMail.objects.count()) == ([], 0)


def test_a_schedule_that_is_switched_off_is_never_due(kept: Report, marketer: User, server: MailServer) -> None:
    schedule = _scheduled(kept, marketer)
    scheduling.save(schedule, recipients=[marketer], is_on=False)
    assert not scheduling.is_waiting()


# ---- what goes wrong


def test_a_report_that_cannot_be_made_is_told_to_its_owner_once(
    kept: Report, marketer: User, server: MailServer
) -> None:
    viewer = _with_address(member("Viewer"))
    Report.objects.update(definition=BY_STATUS | {"groups": [{"by": "gone"}]})
    _scheduled(kept, marketer, viewer)
    scheduling.work(seconds=5)
    [message] = server.inbox
    assert (message["To"], message["Subject"]) == ("marketer@example.com", "Not sent: By status")
    assert "there is no such field: gone" in message.get_content()
    assert "gone" in Schedule.objects.get().problem
    Report.objects.update(definition=BY_STATUS)
    Schedule.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    scheduling.work(seconds=5)
    assert Schedule.objects.get().problem == ""


def test_a_mail_server_that_cannot_be_reached_is_tried_again_later(
    kept: Report, marketer: User, settings: Any, server: MailServer
) -> None:
    there, settings.MAILERS = settings.MAILERS, _nowhere(settings.MAILERS)
    _scheduled(kept, marketer)
    scheduling.work(seconds=5)
    mail = ReportMail.objects.get()
    assert (mail.state, mail.failures) == ("waiting", 1)
    settings.MAILERS = there
    ReportMail.objects.update(claimed_until=timezone.now())
    scheduling.work(seconds=5)
    assert len(server.inbox) == 1


def _nowhere(mailers: dict[str, Any]) -> dict[str, Any]:
    options = {**mailers["default"]["OPTIONS"], "port": 1}
    return {"default": {**mailers["default"], "OPTIONS": options}}


def test_what_the_server_refuses_for_now_is_given_up_after_some_hours(
    kept: Report, marketer: User, server: MailServer
) -> None:
    server.answers["DATA"] = "451 later"
    _scheduled(kept, marketer)
    scheduling.work(seconds=5)
    assert ReportMail.objects.get().state == "waiting"
    ReportMail.objects.update(claimed_until=timezone.now(), due_at=timezone.now() - scheduling.PATIENCE)
    scheduling.work(seconds=5)
    assert (ReportMail.objects.get().state, ReportMail.objects.get().problem) == ("failed", "refused")


def test_where_it_is_not_known_whether_it_was_sent_it_is_not_sent_again(
    kept: Report, marketer: User, server: MailServer
) -> None:
    server.hangs_up = True
    _scheduled(kept, marketer)
    scheduling.work(seconds=5)
    assert ReportMail.objects.get().state == "failed"
    ReportMail.objects.update(state="handed", claimed_until=timezone.now())  # as a process leaves it that dies
    scheduling.sweep()
    assert (ReportMail.objects.get().state, ReportMail.objects.get().problem) == ("failed", "unknown")


def test_e_mails_of_long_ago_are_forgotten(kept: Report, marketer: User, server: MailServer) -> None:
    _scheduled(kept, marketer)
    tasks.send_reports()
    ReportMail.objects.update(due_at=timezone.now() - scheduling.KEPT)
    scheduling.sweep()
    assert not ReportMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_e_mail_once(kept: Report, marketer: User, server: MailServer) -> None:
    viewer = _with_address(member("Viewer"))
    _scheduled(kept, marketer, viewer)

    def work() -> None:
        try:
            scheduling.work(seconds=5)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scheduling.work(seconds=5)
    assert sorted(message["To"] for message in server.inbox) == ["marketer@example.com", "viewer@example.com"]
