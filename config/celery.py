"""Celery: the bell that wakes workers, which queue each kind of work waits in, and beat's one table.

The work itself lies in the database, so a lost message loses nothing: the sweep finds what no bell announced.
A worker takes from all queues, or from those that its `-Q` names.
"""

import os
import sys
from copy import deepcopy
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import (
    setup_logging,
    task_postrun,
    task_prerun,
    task_success,
    worker_before_create_process,
    worker_init,
)
from django.conf import settings
from django.db import close_old_connections, connections
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ritournelle")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery would close the connections to the database before and after each task, and to open one takes PostgreSQL longer
# than most tasks do. Instead they are kept as between two requests to the web.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize // 2
app.autodiscover_tasks()

# queue -> the tasks that wait in it; each has a reason to wait for nothing that is in another one
QUEUES = {
    # stores and people wait for these within seconds, however much else there is
    "webhooks": ("integrations.tasks.process_inbox",),
    "automations": ("automations.tasks.run",),
    # a mail server that is slow holds up mail only
    "mail": ("automations.tasks.send", "contacts.tasks.send_confirmations", "config.tasks.send_notices"),
    # what takes minutes to hours, in turns of a few seconds
    "history": (
        "integrations.tasks.run_history",
        "integrations.tasks.run_batch",
        "integrations.tasks.run_reconciliation",
        "integrations.tasks.run_removal",
        "integrations.tasks.retire_old_secrets",  # asks stores, which may be slow
        "contacts.tasks.run_import",
        "subscriptions.tasks.run_people_action",
        "automations.tasks.let_in",
        "automations.tasks.fill",
    ),
    # large questions to the database, for which nobody's payment or e-mail has to wait
    "reports": ("reports.tasks.keep_up", "reports.tasks.send_reports", "reports.tasks.count"),
    # short ones that find what no bell announced; behind anything long they would come too late to be of use
    "clock": (
        "automations.tasks.sweep",
        "config.tasks.sweep",
        "contacts.tasks.sweep",
        "integrations.tasks.sweep",
        "reports.tasks.sweep",
        "subscriptions.tasks.sweep",
    ),
}
app.conf.task_queues = tuple(Queue(name) for name in QUEUES)
app.conf.task_routes = {task: {"queue": queue} for queue, tasks in QUEUES.items() for task in tasks}
app.conf.task_default_queue = "history"
app.conf.task_create_missing_queues = False

# name of the task -> seconds between two runs
PERIODIC = {
    "automations.tasks.sweep": 5.0,
    "config.tasks.sweep": 600.0,
    "contacts.tasks.sweep": 5.0,
    "integrations.tasks.sweep": 5.0,
    "integrations.tasks.retire_old_secrets": 600.0,
    "reports.tasks.count": 5.0,
    "reports.tasks.sweep": 5.0,
    "subscriptions.tasks.sweep": 5.0,
}
# One that waited longer than until the next one comes has nothing left to do.
app.conf.beat_schedule = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}} for task, seconds in PERIODIC.items()
}


@setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Log by the settings, where Celery would log in its own way, which knows nothing of what is not to be said."""
    dictConfig(deepcopy(settings.LOGGING))  # which it changes


@task_prerun.connect
@task_postrun.connect
def close_what_is_broken_or_old(sender: Any, **_: Any) -> None:
    """Close connections to the database that are broken, or have been open for their time."""
    if not sender.request.is_eager:  # one that is done at once has the connection of whoever called it
        close_old_connections()


@task_success.connect
def note_the_pulse(sender: Any, **_: Any) -> None:
    """Write down that a task of the clock was done, by which everybody sees that the clock goes."""
    if sender.name in PERIODIC and not sender.request.is_eager:
        from config.pulse import beats  # whose table needs the apps

        beats.note(sender.name)


@worker_init.connect
@worker_before_create_process.connect
def leave_no_connection_to_children(**_: Any) -> None:
    """Close what the worker's first process has opened, its checks for one, before it makes the processes that work.

    A child would believe that it holds the locks on an SQLite file that its parent holds, and damage the file.
    """
    connections.close_all()
