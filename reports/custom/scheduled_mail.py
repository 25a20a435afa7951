"""The e-mails with a report: its numbers as text and as HTML, and a file with all of them."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from reports.custom import asking, exporting, reading, sentences
from reports.custom.results import Cell, Head, Result, Row
from reports.custom.shape import Definition
from reports.models import ReportMail

# How many rows stand in the e-mail itself, and how many groups in its file.
MOST_ROWS = 50
MOST_IN_FILE = 10_000


def compose(row: ReportMail, *, is_alive: Callable[[], None]) -> EmailMessage:
    """Ask the report and write it; raise what asking raises. `is_alive` is called after each slow part."""
    report, schedule = row.schedule.report, row.schedule
    definition = reading.read(report.definition)
    result = asking.run(definition, most=MOST_IN_FILE if schedule.file else None)
    is_alive()
    told = exporting.Told(name=report.name, sentence=sentences.sentence(definition), result=result)
    words = _words(row, definition, told)
    message = EmailMultiAlternatives(
        subject=" ".join(f"{report.name} – {words['day']}".split()),
        body=render_to_string("reports/custom/email/report.txt", words),
        to=[row.recipient.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("reports/custom/email/report.html", words), "text/html")
    if schedule.file:
        message.attach(
            exporting.file_name(report.name, schedule.file), _file(schedule.file, told), _media(schedule.file)
        )
        is_alive()
    return message


def about_problem(row: ReportMail) -> EmailMessage:
    """Tell the owner of a schedule that its report could not be made."""
    report = row.schedule.report
    words = {"name": report.name, "problem": row.problem, "link": _address("custom_report_schedules", report.pk)}
    return EmailMessage(
        subject=" ".join((gettext("Not sent: %(name)s") % {"name": report.name}).split()),
        body=render_to_string("reports/custom/email/problem.txt", words),
        to=[row.recipient.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _words(row: ReportMail, definition: Definition, told: exporting.Told) -> dict[str, Any]:
    result = told.result
    shown = result.rows[: min(definition.limit, MOST_ROWS)]
    return {
        "name": told.name,
        "day": timezone.localtime(timezone=timezone.get_default_timezone()).date(),
        "sentence": told.sentence,
        "notes": result.notes,
        "heads": result.heads,
        "rows": [_pairs(result, row) for row in shown],
        "totals": [_pairs(result, row) for row in result.totals],
        "has_groups": any(not head.is_measure for head in result.heads),
        "lines": _lines(result, len(shown)),
        "count": result.count,
        "shown": len(shown),
        "in_file": len(result.rows) if row.schedule.file else 0,
        "link": _address("custom_report", row.schedule.report_id),
        "schedules": _address("custom_report_schedules", row.schedule.report_id),
        "language": row.schedule.language,
    }


def _pairs(result: Result, row: Row) -> list[tuple[Head, Cell]]:
    return list(zip(result.heads, row.cells, strict=True))


def _lines(result: Result, shown: int) -> list[str]:
    """Write the table as lines of text: each row with the names of its values."""
    said = gettext("%(name)s: %(value)s")
    lines = []
    for row in result.rows[:shown]:
        pairs = _pairs(result, row)
        names = [cell.words for head, cell in pairs if not head.is_measure]
        values = [said % {"name": head.label, "value": cell.words} for head, cell in pairs if head.is_measure]
        lines.append(" – ".join(filter(None, [" · ".join(names), "; ".join(values)])))
    return lines


def _file(ending: str, told: exporting.Told) -> bytes:
    if ending == "csv":
        return "".join(exporting.csv(told)).encode()
    with exporting.xlsx(told) as file:
        return file.read()


def _media(ending: str) -> str:
    return exporting.MEDIA[ending].partition(";")[0]


def _address(name: str, report_id: int) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[report_id])}"
