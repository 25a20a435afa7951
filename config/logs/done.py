"""One line, and one count, for each task that a worker has done, under the id of the request that had it done."""

import logging
import time
from typing import Any

from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_ready

from config.logs import request_id
from config.metrics import counters, port

logger = logging.getLogger("ritournelle.tasks")
_FIELD = "request_id"
# id of a task that is being done -> when it began, and how to forget its request
_begun: dict[str, tuple[float, Any]] = {}


@before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Send the id of the request, or of the task, that wakes a worker along."""
    if headers is not None and (known := request_id.current.get()):
        headers[_FIELD] = known


@task_prerun.connect
def begin(task_id: str, task: Any, **_: Any) -> None:
    """Take the id that came along, or make one."""
    if not task.request.is_eager:
        known = request_id.take(str(task.request.get(_FIELD) or ""))
        _begun[task_id] = time.perf_counter(), request_id.current.set(known)


@task_postrun.connect
def end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    """Note what was done, and forget whom it was done for."""
    if (begun := _begun.pop(task_id, None)) is None:
        return
    started, token = begun
    seconds, outcome = time.perf_counter() - started, (state or "unknown").lower()
    counters.task(task.name, outcome, seconds)
    told = {"task": task.name, "outcome": outcome, "ms": round(seconds * 1000, 1)}
    level = logging.DEBUG if task.name in task.app.conf.beat_schedule else logging.INFO  # often, and to no news
    logger.log(level, "%s: %s", task.name, outcome, extra=told)
    request_id.current.reset(token)


@setup_logging.connect
def keep_ours(loglevel: int | str | None = None, **_: Any) -> None:
    """Log as the settings say in workers too; how much Celery itself says is told by its own `-l`."""
    if loglevel is not None:
        for name in ("celery", "kombu"):
            logging.getLogger(name).setLevel(loglevel)


@worker_ready.connect
def show(**_: Any) -> None:
    """Show on the worker's own port what the processes of this host count."""
    port.serve()
