"""What a connection's page shows of its comparisons with the store."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from integrations import reconciling
from integrations.models import Connection
from integrations.providers import PROVIDERS
from integrations.watching import Watched
from subscriptions.models import Change, RecurringPayment

SHOWN_RUNS = 5
SHOWN_REPAIRS = 10
# why a store is not compared
_SILENT = _("Stores of this kind write by themselves and are asked nothing, so there is nothing to compare.")
_LOCKED = _("Without credentials the store cannot be asked, so what a webhook did not tell stays unknown.")
# how the webhook was found -> how its notice looks
_LOOKS = {Watched.OFF: "bad", Watched.MENDED: "warn", Watched.UNSEEN: "warn"}


def context(connection: Connection) -> dict[str, Any]:
    """Gather when this store was compared last, what was found, and what that repaired."""
    reconcile = reconciling.of(connection)
    runs = list(connection.reconciliations.all()[:SHOWN_RUNS])
    newest = runs[0] if runs else None
    good = next((run for run in runs if run.state == run.State.FINISHED), None)
    return {
        "connection": connection,
        "why_not": _why_not(connection) if reconcile is None else "",
        "limits": reconcile.limits if reconcile else "",
        "remark": reconcile.remarks.get(good.remark, "") if reconcile and good else "",
        "newest": newest,
        "good": good,
        "webhook_look": _LOOKS.get(newest.webhook, "") if newest else "",  # type: ignore[call-overload]
        "runs": runs,
        "repaired": _repaired(connection) if runs else [],
    }


def _why_not(connection: Connection) -> Any:
    return _LOCKED if PROVIDERS[connection.provider_name].reconcile else _SILENT


def _repaired(connection: Connection) -> list[RecurringPayment]:
    """List the payments that were repaired last, each once, the newest first."""
    changes = Change.objects.filter(source=Change.Source.RECONCILE, payment__store=connection.store)
    ids = dict.fromkeys(changes.order_by("-recorded_at").values_list("payment_id", flat=True)[: SHOWN_REPAIRS * 5])
    found = RecurringPayment.objects.in_bulk(list(ids)[:SHOWN_REPAIRS])
    return [found[pk] for pk in ids if pk in found]
