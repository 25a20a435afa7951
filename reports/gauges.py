"""What the database tells of reports: what is to be counted again, and e-mails that wait."""

from collections.abc import Iterator

from config.metrics.gauges import Gauge, by, counted, one
from reports.models import Due, DueCell, ReportMail


def tell() -> Iterator[Gauge]:
    """Tell the figures."""
    due = {"payments": counted(Due.objects.all()), "e-mails and ways": counted(DueCell.objects.all())}
    yield by("of", "reports_due", "Notes of what is to be counted again", due)
    mails = ReportMail.objects.filter(state__in=ReportMail.OPEN)
    yield one("report_mails_waiting", "Reports that wait to be sent", counted(mails))
