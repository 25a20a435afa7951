"""What processes count as it happens; all processes of a host share a folder of files (`files`)."""

import logging
from contextlib import suppress

from prometheus_client import Counter, Histogram

logger = logging.getLogger(__name__)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_REQUESTS = Counter("ritournelle_http_requests", "Requests answered", ("method", "route", "status"))
_REQUEST_SECONDS = Histogram("ritournelle_http_request_seconds", "How long answers took", ("route",), buckets=_SECONDS)
_TASKS = Counter("ritournelle_tasks", "Tasks done by workers", ("task", "outcome"))
_TASK_SECONDS = Histogram("ritournelle_task_seconds", "How long tasks took", ("task",), buckets=_SECONDS)
_WEBHOOKS = Counter("ritournelle_webhooks", "Webhooks of stores", ("provider", "outcome"))
_STORE_REQUESTS = Counter("ritournelle_store_requests", "Requests to stores", ("provider",))
_STORE_PROBLEMS = Counter("ritournelle_store_problems", "Troubles with stores", ("provider", "problem"))
_EMAILS = Counter("ritournelle_emails", "E-mails given to the mail server", ("outcome",))
_CALLS = Counter("ritournelle_webhook_calls", "Calls of webhooks by automations", ("outcome",))

# A method that a client invents would be a label of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# A disk that takes nothing costs a count, and never the work that is counted.
_uncounted = suppress(OSError, ValueError)


def request(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer."""
    with _uncounted:
        _REQUESTS.labels(method if method in _METHODS else "other", route, status).inc()
        _REQUEST_SECONDS.labels(route).observe(seconds)


def task(name: str, outcome: str, seconds: float) -> None:
    """Count a task that a worker has done; the outcome is a state of Celery's in small letters."""
    with _uncounted:
        _TASKS.labels(name, outcome).inc()
        _TASK_SECONDS.labels(name).observe(seconds)


def webhook(provider: str, status: int) -> None:
    """Count a store's webhook by what it was answered."""
    with _uncounted:
        _WEBHOOKS.labels(provider, _OUTCOMES.get(status, "fault")).inc()


def store_request(provider: str) -> None:
    """Count a request to a store."""
    with _uncounted:
        _STORE_REQUESTS.labels(provider).inc()


def store_problem(provider: str, problem: str) -> None:
    """Count a trouble with a store, by the word for its kind."""
    with _uncounted:
        _STORE_PROBLEMS.labels(provider, problem).inc()


def email(outcome: str) -> None:
    """Count an e-mail by what the mail server said: sent, refused, put_off, or unknown."""
    with _uncounted:
        _EMAILS.labels(outcome).inc()


def call(outcome: str) -> None:
    """Count the call of a webhook: answered, refused, or unreachable."""
    with _uncounted:
        _CALLS.labels(outcome).inc()


_OUTCOMES = {200: "kept", 400: "refused", 404: "unknown", 413: "too_large"}
