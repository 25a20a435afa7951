"""Is the process alive, and has it all that it needs? For load balancers, supervisors and whoever deploys."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from kombu import Connection

from config.pulse import beats


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """Check database, broker and migrations; 503 names those that are missing, with the reason.

    `late` names the tasks of the clock that nobody does: the web is as ready as ever then, and webhooks are taken.
    """
    missing = {name: reason for name, check in CHECKS.items() if (reason := check())}
    if missing:
        return JsonResponse({"status": "unavailable", "missing": missing}, status=503)
    return JsonResponse({"status": "ok", "missing": {}, "late": _late()})


def _late() -> list[str]:
    late = beats.late()
    return list(late.tasks) if late else []


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # whatever a driver raises, the answer is the same
        return _reason(error)
    return ""


def _broker() -> str:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=1, transport_options=_impatient()) as broker:
            # once, where `connect` would try again after two seconds
            broker.transport.close_connection(broker.transport.establish_connection())
    except Exception as error:  # whatever a client raises, the answer is the same
        return _reason(error)
    return ""


def _impatient() -> dict[str, Any]:
    """Return the options of this kind of broker, so that whoever asks waits for a second and not for five."""
    told = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    return told | {name: 1 for name in told if name.endswith("timeout")}


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
