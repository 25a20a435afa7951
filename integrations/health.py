"""How a connection is doing: its last trouble in words, status words nobody knows, and today's figures."""

from django.db.models import Count, Q
from django.utils import timezone

from config.metrics import counters
from integrations.models import Connection, Delivery
from integrations.problems import STANDING
from integrations.providers import PROVIDERS
from integrations.providers.base import ProviderError
from subscriptions.models import RecurringPayment


def report(connection: Connection, error: ProviderError) -> None:
    """Remember what went wrong last; it stands until something goes well."""
    counters.store_problem(connection.provider_name, error.problem.value)
    _set(connection, problem=error.problem.value, detail=error.detail[:500])


def clear(connection: Connection, *, standing: bool = False) -> None:
    """Remember that all is well again; what stands until somebody has looked again, only with `standing`."""
    if connection.problem and (connection.problem in STANDING) == standing:
        _set(connection, problem="", detail="")


def unknown_statuses(connection: Connection) -> dict[str, int]:
    """Count the payments by each status word of the store that neither the provider nor the overrides know."""
    statuses = PROVIDERS[connection.provider_name].statuses
    if statuses is None:
        return {}
    known = {row.partition(":")[0] for row in statuses}
    rows = (
        RecurringPayment.objects.filter(store=connection.store)
        .exclude(store_status__in=[*known, *connection.status_overrides, ""])
        .values("store_status")
        .annotate(count=Count("pk"))
    )
    return {row["store_status"]: row["count"] for row in rows.order_by("store_status")}


def figures(connection: Connection) -> dict[str, int]:
    """Count today's deliveries: received, applied, ignored, waiting, failed."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    states = {state.value: Count("pk", filter=Q(state=state)) for state in Delivery.State}
    rows = Delivery.objects.filter(connection=connection, received_at__gte=today)
    return rows.aggregate(received=Count("pk"), **states)


def _set(connection: Connection, *, problem: str, detail: str) -> None:
    connection.problem, connection.problem_detail = problem, detail
    connection.problem_at = timezone.now() if problem else None
    connection.save(update_fields=["problem", "problem_detail", "problem_at"])
