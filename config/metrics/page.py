"""/metrics: nobody's without the token, and not there at all where none is set."""

from hmac import compare_digest
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from config.metrics import files
from config.metrics.gauges import Collector


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show what the processes of this host have counted, and what the database says now."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not is_allowed(request.headers.get("Authorization", "")):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(text(Collector()), content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


def is_allowed(authorization: str) -> bool:
    """Whether somebody gives the token, compared in a time that does not tell how much of it is right."""
    return compare_digest(authorization.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


def text(*more: Collector) -> bytes:
    """Write what the processes of this host have counted, and what others add."""
    folder, counted, told = Path(settings.METRICS_DIR), CollectorRegistry(), CollectorRegistry()
    MultiProcessCollector(counted, path=str(folder))
    for one in more:
        told.register(one)
    with files.locked(folder):
        files.fold(folder)
        written = generate_latest(counted)
    return written + generate_latest(told)
