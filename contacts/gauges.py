"""What the database tells of contacts: files that are being imported, and confirmations that wait."""

from collections.abc import Iterator

from config.metrics.gauges import Gauge, counted, one
from contacts.models import Confirmation, ContactImport


def tell() -> Iterator[Gauge]:
    """Tell the figures."""
    imports = ContactImport.objects.filter(state__in=ContactImport.OPEN)
    waiting = Confirmation.objects.filter(state__in=Confirmation.OPEN)
    yield one("imports_open", "Files that are being imported", counted(imports))
    yield one("confirmations_waiting", "E-mails that ask people to confirm, and wait", counted(waiting))
