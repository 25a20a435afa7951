"""Reports on automations and campaigns over very many e-mails: each page, warm, and its numbers against SQL by hand.

REPORT_MESSAGES is how many e-mails are made, with two and a half times as many opens, clicks and the like.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from automations.models import (
    Automation,
    AutomationVersion,
    Campaign,
    CampaignVersion,
    Engagement,
    Enrolment,
    Mailing,
    Message,
    Passage,
)
from contacts.models import Contact
from reports import periods
from reports.models import Cell, CellUpkeep, DueCell
from reports.performance import counting, emails, keeping, numbers, triggers
from reports.performance.scope import Scope
from reports.performance.tally import COUNTS, Tally
from subscriptions.segments import saved
from tests.benchmarks.crowd import settle
from tests.benchmarks.figures import Figure

SIZES = {"postgresql": 4_000_000, "sqlite": 100_000}
AUTOMATIONS, DIRECT = 40, 20
ROUNDS = 5
PAGE = 2.0
GOAL = 2.0
# Below it there is nothing to compare but the noise.
A_MOMENT = 0.02
_DAY = 86_400
_DAYS = 700
_FLOW = {
    "triggers": [{"id": "t1", "on": "created"}],
    "runs": "every_time",
    "steps": [
        {"id": "w", "do": "wait", "for": {"n": 3, "unit": "days"}},
        {"id": "g", "do": "goal", "where": {"tag": "vip", "op": "has"}},
    ],
}
_CHANCE = "((i * {one} + 1) % 1000003 * ((i * {other} + 7) % 999983) % 2147483647)"
_MOMENT = {
    "postgresql": "CURRENT_TIMESTAMP + ({}) * INTERVAL '1 second'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', julianday('now') + ({}) / 86400.0)",
}
_LATER = {
    "postgresql": "{} + ({}) * INTERVAL '1 second'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', julianday({}) + ({}) / 86400.0)",
}
_NUMBERS = {
    "postgresql": "SELECT generate_series(CAST(0 AS bigint), {size} - 1) AS i",
    "sqlite": "SELECT i FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {size} - 1) "
    "SELECT i FROM n)",
}
_UUID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def measure(database: str, quick: bool) -> None:
    """Make the e-mails, count them for the first time, and measure the reports."""
    size = int(os.environ.get("REPORT_MESSAGES", "") or SIZES[database]) // (40 if quick else 1)
    with _without_triggers():
        _gather(size)
    settle()
    _first_count(database, size)
    _equal()
    _pages(database, size)
    _against_sql(database)
    _news(database)
    _some_people(database)


def _first_count(database: str, size: int) -> None:
    CellUpkeep.objects.update(zone="")
    start = time.perf_counter()
    while keeping.work(seconds=600):
        pass
    seconds = time.perf_counter() - start
    settle()
    _figure(
        "report_first_count",
        database,
        size / seconds,
        "messages/s",
        "2,000 a second, with which four million take half an hour",
        size / seconds / 2_000,
        1.0,
        True,
    )


def _equal() -> None:
    """Stop where what is kept is not what counting everything gives."""
    everything = counting.count(counting.sent(), by=("campaign", "automation", "day"))
    rows = Cell.objects.values_list("campaign", "automation", "day", *COUNTS)
    kept = {row[:3]: Tally(**dict(zip(COUNTS, row[3:], strict=True))) for row in rows}
    if kept != everything:
        raise SystemExit("The kept counts are not those of everything.")


def _pages(database: str, size: int) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_superuser("report bench"))
    biggest = Enrolment.objects.values("automation").annotate(n=models.Count("pk")).order_by("-n")[0]["automation"]
    pages = {
        "automations": "/admin/reports/automations/",
        "automation": f"/admin/reports/automations/{biggest}/",
        "campaigns": "/admin/reports/campaigns/",
        "people": "/admin/reports/campaigns/people/",
    }
    for name, path in pages.items():
        for period, short in (("last_30", "month"), ("last_12_months", "year"), ("all", "all")):
            asked = {"period": period, "number": "opened"}
            seconds = _warm(lambda path=path, asked=asked: _opened(client, path, asked))
            words = f"{PAGE:.0f} s, when somebody looks away; {size:,} messages, {period}"
            _figure(f"report_{name}_{short}", database, seconds * 1000, "ms", words, seconds / PAGE, 1.0)


def _opened(client: Client, path: str, asked: dict[str, str]) -> None:
    answer = client.get(path, asked)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}.")


def _against_sql(database: str) -> None:
    """Ask our way, and by the best SQL that we can write over the same rows."""
    period = periods.asked({"period": "last_12_months"}).period
    start, end = period.bounds()
    sums = ", ".join(f"SUM({name})" for name in COUNTS)
    by_campaign = f"SELECT campaign, {sums} FROM reports_cell WHERE day >= %s AND day < %s GROUP BY campaign"
    ours = _warm(lambda: emails.tallies(Scope(), period, by=("campaign",)))
    best = _warm(lambda: _asked(by_campaign, period.start.isoformat(), period.end.isoformat()))
    _ratio(database, "report_sql_campaigns", ours, best)
    inside = """
        SELECT automation_id, COUNT(*) FROM automations_enrolment WHERE state IN ('active', 'held', 'parked')
        GROUP BY automation_id"""
    ways = """
        SELECT automation, SUM(entered), SUM(finished), SUM(ended), SUM(reached) FROM reports_waycell
        WHERE day >= %s AND day < %s GROUP BY automation"""
    days = (period.start.isoformat(), period.end.isoformat())
    by_automation = f"""
        SELECT automation, {sums} FROM reports_cell WHERE day >= %s AND day < %s AND automation > 0
        GROUP BY automation"""

    recovered = """
        SELECT DISTINCT w.automation_id, e.id, e.amount, e.currency FROM reports_episode e
        JOIN automations_enrolment w
          ON w.payment_id = e.payment_id OR (w.payment_id IS NULL AND w.contact_id = e.contact_id)
        WHERE e.kind = 'failed' AND e.outcome = 'recovered' AND e.until >= %s AND e.until < %s
          AND w.entered_at <= e.until"""

    def by_hand() -> None:
        _asked(inside)
        _asked(ways, *days)
        _asked(by_automation, *days)
        _asked(recovered, start, end)

    ours = _warm(lambda: numbers.of_automations(Scope(automated=True), period))
    _ratio(database, "report_sql_automations", ours, _warm(by_hand))


def _news(database: str) -> None:
    """Have something done with one e-mail, and count that until the page is fresh."""
    row = Message.objects.exclude(sent_at=None).exclude(enrolment=None).first()
    times = []
    for _ in range(ROUNDS):
        Engagement.objects.create(message=row, kind="opened", at=timezone.now())
        start = time.perf_counter()
        keeping.work(seconds=60)
        times.append(time.perf_counter() - start)
    seconds = statistics.median(times)
    _figure("report_news", database, seconds * 1000, "ms", "100 ms, for one open", seconds / 0.1, 1.0)


def _some_people(database: str) -> None:
    """Count live for a segment, against SQL by hand."""
    segment = saved.create({"contact": "email", "op": "contains", "value": "77"}, name="report bench")
    scope, period = Scope(segment=segment.pk), periods.asked({"period": "last_90"}).period
    start, end = period.bounds()
    by_hand = """
        SELECT m.campaign_id, COUNT(*), SUM(e.opened), SUM(e.clicked) FROM automations_message m
        JOIN contacts_contact c ON c.id = m.contact_id AND LOWER(c.email) LIKE '%%77%%'
        LEFT JOIN LATERAL (
            SELECT MAX(CASE WHEN kind IN ('opened', 'clicked') AND NOT is_machine THEN 1 ELSE 0 END) AS opened,
                   MAX(CASE WHEN kind = 'clicked' AND NOT is_machine THEN 1 ELSE 0 END) AS clicked
            FROM automations_engagement e WHERE e.message_id = m.id) e ON TRUE
        WHERE m.sent_at >= %s AND m.sent_at < %s AND m.campaign_id IS NOT NULL GROUP BY m.campaign_id"""
    if database == "sqlite":
        return  # it knows nothing like it
    ours = _warm(lambda: emails.tallies(scope, period, by=("campaign",)))
    _ratio(database, "report_sql_some_people", ours, _warm(lambda: _asked(by_hand, start, end)), goal=3.0)


def _ratio(database: str, name: str, ours: float, best: float, *, goal: float = GOAL) -> None:
    words = f"SQL written by hand over the same rows, {best * 1000:,.1f} ms"
    _figure(name, database, ours * 1000, "ms", words, max(ours, A_MOMENT) / max(best, A_MOMENT), goal)


def _figure(
    name: str, database: str, value: float, unit: str, words: str, ratio: float, goal: float, more: bool = False
) -> None:
    told = {"yardstick": words, "ratio": ratio, "goal": goal, "more_is_better": more}
    Figure(name=name, database=database, value=value, unit=unit, **told).emit()


def _warm(ask: Callable[[], Any]) -> float:
    """Return the seconds in the middle of some rounds, after one that is not counted."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def _asked(sql: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@contextmanager
def _without_triggers() -> Iterator[None]:
    """Fill tables without a note for each row: all of it is counted anew afterwards."""
    tables = [one.table for one in triggers.WATCHED]
    if connection.vendor == "postgresql":
        for table in tables:
            _run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    else:
        triggers.TRIGGERS.take_down()
    yield
    if connection.vendor == "postgresql":
        for table in tables:
            _run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    triggers.TRIGGERS.set_up()
    DueCell.objects.all().delete()


def _gather(size: int) -> None:
    """Make so many messages: four of five of automations, of which some have far more people than others."""
    people, ways = max(size // 10, 100), size // 2
    first = 1 + (Contact.objects.aggregate(last=models.Max("pk"))["last"] or 0)
    key = "'reader-' || i || '@example.com'"
    _fill(Contact, people, {"id": f"{first} + i", "email": key, "email_key": key, "first_name": "'Reader'"})
    automations, campaigns, mailings = _things()
    _ways(ways, first, people, automations)
    _passages()
    _messages(size * 4 // 5, ways, automations, campaigns)
    _direct(size // 5, first, people, mailings)
    _engagements(size)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Contact, Enrolment, Message]):
            cursor.execute(statement)


def _things() -> tuple[list[AutomationVersion], list[Campaign], list[Mailing]]:
    """Make automations, each with two e-mails, and campaigns that went to lists."""
    versions, campaigns, mailings = [], [], []
    for number in range(AUTOMATIONS):
        one = Automation.objects.create(name=f"Bench flow {number:03}", state="active", version=1, draft=_FLOW)
        versions.append(AutomationVersion.objects.create(automation=one, number=1, flow=_FLOW))
        campaigns += [Campaign.objects.create(name=f"Bench mail {number:03} {n}", kind="automated") for n in range(2)]
    for number in range(DIRECT):
        campaign = Campaign.objects.create(name=f"Bench news {number:03}", kind="direct")
        version = CampaignVersion.objects.create(campaign=campaign, number=1, content={})
        mailings.append(Mailing.objects.create(campaign=campaign, version=version, state="finished"))
    return versions, campaigns, mailings


def _ways(size: int, first: int, people: int, versions: list[AutomationVersion]) -> None:
    skewed = f"({_chance(1)} % {AUTOMATIONS}) * ({_chance(2)} % {AUTOMATIONS}) / {AUTOMATIONS}"
    begin = 1 + (Enrolment.objects.aggregate(last=models.Max("pk"))["last"] or 0)
    entered = _moment(f"- {_chance(3)} % {_DAYS * _DAY}")
    state = f"CASE WHEN {_chance(4)} % 10 < 7 THEN 'finished' WHEN {_chance(4)} % 10 < 9 THEN 'ended' ELSE 'active' END"
    values = {
        "id": f"{begin} + i",
        "automation_id": f"{versions[0].automation_id} + {skewed}",
        "version_id": f"{versions[0].pk} + {skewed}",
        "contact_id": f"{first} + {_chance(5)} % {people}",
        "run_key": "'b' || i",
        "state": state,
        "step": f"CASE WHEN {_chance(4)} % 10 < 9 THEN '' ELSE 'w' END",
        "entered_at": entered,
        "arrived_at": entered,
        "ended_at": f"CASE WHEN {_chance(4)} % 10 < 9 THEN {_later(entered, str(3 * _DAY))} END",
        "has_begun": "TRUE",
        "wake_at": "NULL",
    }
    _fill(Enrolment, size, values)


def _passages() -> None:
    """Let everybody pass the first step, and one of three reach the goal."""
    left = _later("entered_at", str(3 * _DAY))
    columns = "enrolment_id, version_id, step, arrived_at, left_at, outcome, facts"
    for step, outcome, some in (("w", "done", "TRUE"), ("g", "reached", "id % 3 = 0")):
        _run(
            f"INSERT INTO {Passage._meta.db_table} ({columns}) SELECT id, version_id, '{step}', entered_at, {left}, "
            f"'{outcome}', '{{}}' FROM automations_enrolment WHERE run_key LIKE 'b%' AND {some}"
        )


def _messages(size: int, ways: int, versions: list[AutomationVersion], campaigns: list[Campaign]) -> None:
    first = Enrolment.objects.filter(run_key="b0").values_list("pk", flat=True)[0]
    sent = _later("w.entered_at", f"3600 + (n.i / {ways}) * {2 * _DAY}")
    campaign = f"{campaigns[0].pk} + (w.automation_id - {versions[0].automation_id}) * 2 + n.i / {ways}"
    numbers_of = _NUMBERS[connection.vendor].format(size=size)
    source = f"({numbers_of}) n JOIN automations_enrolment w ON w.id = {first} + n.i % {ways}"
    told = {
        "contact_id": "w.contact_id",
        "enrolment_id": "w.id",
        "campaign_id": campaign,
        "step": f"'m' || (n.i / {ways})",
    }
    _insert(Message, told | _sent(sent), source)


def _direct(size: int, first: int, people: int, mailings: list[Mailing]) -> None:
    which = f"n.i % {DIRECT}"
    sent = _moment(f"- ({which} + 1) * {_DAYS * _DAY // (DIRECT + 1)} + n.i / {DIRECT} % 7200")
    told = {
        "contact_id": f"{first} + (n.i / {DIRECT}) % {people}",
        "mailing_id": f"{mailings[0].pk} + {which}",
        "campaign_id": f"{mailings[0].campaign_id} + {which}",
        "step": "'d' || n.i",
    }
    _insert(Message, told | _sent(sent), f"({_NUMBERS[connection.vendor].format(size=size)}) n")


def _sent(moment: str) -> dict[str, str]:
    told = {"state": "'sent'", "sent_at": moment, "made_at": moment, "finished_at": moment, "claimed_until": moment}
    return told | {"number": _UUID[connection.vendor], "subject": "'Bench'"}


def _engagements(size: int) -> None:
    """Have two and a half things done with a message, as it comes by chance: seven kinds, and programs among them."""
    kinds = (
        ("opened",) * 9 + ("clicked",) * 3 + ("delivered",) * 6 + ("replied", "bounced", "unsubscribed", "soft_bounced")
    )
    low, high = Message.objects.aggregate(low=models.Min("pk"), high=models.Max("pk")).values()
    choices = " ".join(f"WHEN {number} THEN '{kind}'" for number, kind in enumerate(kinds))
    kind = f"CASE {_chance(21)} % {len(kinds)} {choices} END"
    is_click = f"{_chance(21)} % {len(kinds)} BETWEEN 9 AND 11"
    count = size * 5 // 2
    numbers_of = _NUMBERS[connection.vendor].format(size=count)
    source = f"({numbers_of}) n JOIN automations_message m ON m.id = {low} + {_chance(20)} % {high - low + 1}"
    told = {
        "message_id": "m.id",
        "kind": kind,
        "at": _later("m.sent_at", f"{_chance(22)} % {20 * _DAY}"),
        "is_machine": f"({_chance(21)} % {len(kinds)} < 9 AND {_chance(23)} % 4 = 0)",
        "target": f"CASE WHEN {is_click} THEN 'https://example.com/' || {_chance(24)} % 5 ELSE '' END",
        "hit": _UUID[connection.vendor],
    }
    _insert(Engagement, told, source)


def _fill(model: type[models.Model], size: int, values: dict[str, str]) -> None:
    _insert(model, values, f"({_NUMBERS[connection.vendor].format(size=size)}) n")


def _insert(model: type[models.Model], values: dict[str, str], source: str) -> None:
    """Insert rows whose every other column is empty."""
    columns = [field for field in model._meta.concrete_fields if field.name != "id" or "id" in values]
    chosen = ", ".join(values.get(str(field.column)) or _empty(field) for field in columns)
    names = ", ".join(f'"{field.column}"' for field in columns)
    _run(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {chosen} FROM {source}")
    if connection.vendor == "postgresql":
        _run(f"ANALYZE {model._meta.db_table}")


def _empty(field: "models.Field[Any, Any]") -> str:
    return "NULL" if field.null else _EMPTY.get(type(field), "''")


_EMPTY: dict[type, str] = {
    models.JSONField: "'{}'",
    models.DateTimeField: "CURRENT_TIMESTAMP",
    models.BooleanField: "FALSE",
    models.PositiveSmallIntegerField: "0",
}


def _chance(salt: int) -> str:
    return _CHANCE.format(one=300_007 + salt * 7_919, other=500_009 + salt * 6_007)


def _moment(seconds: str) -> str:
    return _MOMENT[connection.vendor].format(seconds)


def _later(moment: str, seconds: str) -> str:
    return _LATER[connection.vendor].format(moment, seconds)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
