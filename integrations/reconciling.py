"""Reconciling: from time to time each store is compared with what we know, and what no webhook told is repaired.

Each comparison looks at everything that changed since the last good one began, so an event that was dropped, refused
or never sent is found by the next. Along with it our webhook at the store is looked after.
"""

import math
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from config import turns
from config.audit.log import record
from integrations import health, inbox, sweeps
from integrations.models import Connection, Delivery, Reconciliation
from integrations.problems import Problem
from integrations.providers import PROVIDERS
from integrations.providers.base import Page, ProviderError, Reconcile, Scope
from integrations.sweep_pages import Reader
from integrations.watching import Watched
from subscriptions.models import Change

# A store's clock may differ from ours, and may show a change a while after the moment that it writes on it.
OVERLAP = timedelta(hours=1)
# How often everything is compared, and not only what changed.
FULL_EVERY = timedelta(days=1)
KEPT = timedelta(days=30)
_FINISHED = Reconciliation.State.FINISHED


def start(connection: Connection) -> Reconciliation:
    """Open a comparison, or return the one that is open already."""
    good = connection.reconciliations.filter(state=_FINISHED)
    last = good.first()
    made = Reconciliation(
        connection=connection,
        since=max(connection.created_at, last.started_at - OVERLAP) if last else connection.created_at,
        is_full=not good.filter(is_full=True, started_at__gt=timezone.now() - FULL_EVERY).exists(),
        mark=last.mark if last else "",
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        return connection.reconciliations.get(state__in=Reconciliation.OPEN)
    return made


@transaction.atomic
def ask(connection: Connection, *, request: HttpRequest | None = None) -> Reconciliation:
    """Open a comparison because somebody wants one now, and record who; without a request it was a command."""
    record("comparison.started", about=connection, request=request)
    return start(connection)


def due() -> list[Connection]:
    """List the connections whose turn it is: set up, with credentials, not paused, and not compared for a while."""
    kinds = [name for name, provider in PROVIDERS.items() if provider.reconcile]
    rows = Connection.objects.filter(store__provider__in=kinds, is_set_up=True, paused_at=None).exclude(api_key="")
    last = Coalesce(Max("reconciliations__started_at"), F("created_at"))
    before = timezone.now() - timedelta(seconds=settings.RECONCILE_EVERY)
    is_open = Q(reconciliations__state__in=Reconciliation.OPEN)
    return list(rows.exclude(is_open).annotate(compared_at=last).filter(compared_at__lte=before))


def abandoned(*, since: timedelta = timedelta()) -> list[int]:
    """Name the open comparisons that nobody works on, and nobody has for that long."""
    return turns.abandoned(Reconciliation, since=since)


def sweep() -> int:
    """Forget comparisons of long ago; return how many there were."""
    return Reconciliation.objects.filter(finished_at__lte=timezone.now() - KEPT).delete()[0]


def run(
    pk: int,
    *,
    seconds: float = math.inf,
    progress: Callable[[Reconciliation], None] = lambda _run: None,
) -> Reconciliation:
    """Go on with a comparison for some seconds, or to its end; do nothing if another process works on it."""
    return sweeps.run(Reconciliation, pk, opened=_opened, seconds=seconds, progress=progress)


def of(connection: Connection) -> Reconcile | None:
    """Return how this connection's store is compared; None where that is not possible."""
    return PROVIDERS[connection.provider_name].reconcile if connection.api_key else None


def _opened(run: Reconciliation) -> Reader:
    reconcile = of(run.connection)
    if reconcile is None:
        raise ProviderError(Problem.REFUSED, permanent=True)
    if not run.webhook:
        _watch(run, reconcile)
    scope = Scope(since=run.since, is_full=run.is_full, mark=run.mark)
    return Reader(
        page=partial(reconcile.page, run.connection, scope),
        source=Change.Source.RECONCILE,
        announce=True,
        settle=partial(_settle, run),
    )


def _watch(run: Reconciliation, reconcile: Reconcile) -> None:
    """See that the store still tells us what happens, and mend that where our key may."""
    run.webhook = reconcile.watch(run.connection)
    run.save(update_fields=["webhook"])
    if run.webhook == Watched.OFF:
        health.report(run.connection, ProviderError(Problem.WEBHOOK_OFF))
    else:
        health.clear(run.connection, standing=True)


def _settle(run: Reconciliation, page: Page) -> dict[str, Any]:
    """Put the events that we never heard of into the inbox, and say what has been looked at."""
    keys = [incoming.key for incoming, _ in page.told]
    known = set(Delivery.objects.filter(connection=run.connection, key__in=keys).values_list("key", flat=True))
    unheard = [(incoming, body) for incoming, body in page.told if incoming.key not in known]
    for incoming, body in unheard:
        inbox.store(run.connection, incoming, body.encode(), found_by=run.pk)
    checked = len(page.told) + len(page.records) + len(page.broken) + page.same
    notes = {name: value for name in ("mark", "remark") if (value := getattr(page, name))}
    return {"checked": F("checked") + checked, "found": F("found") + len(unheard), **notes}
