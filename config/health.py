"""Is the process alive, and has it all that it needs? For load balancers, supervisors and whoever deploys."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """Check database, broker and migrations; 503 names those that are missing, with the reason."""
    missing = {name: reason for name, check in CHECKS.items() if (reason := check())}
    status = "unavailable" if missing else "ok"
    return JsonResponse({"status": status, "missing": missing}, status=503 if missing else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # whatever a driver raises, the answer is the same
        return _reason(error)
    return ""


def _broker() -> str:
    try:
        with Redis.from_url(settings.CELERY_BROKER_URL, **_IMPATIENT) as redis:
            redis.ping()
    except Exception as error:  # whatever the client raises, the answer is the same
        return _reason(error)
    return ""


# One attempt: the client's own retries would make whoever asks wait for seconds.
_IMPATIENT: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as error:  # an unreachable database has no migrations either
        return _reason(error)
    return f"{len(waiting)} migrations are not applied" if waiting else ""


def _reason(error: Exception) -> str:
    """Name the kind of fault only: the text of a driver's error may hold addresses and passwords."""
    return type(error).__name__


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "broker": _broker, "migrations": _migrations}
