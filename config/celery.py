"""Celery: the bell that wakes workers, and beat's one table.

The work itself lies in the database, so a lost message loses nothing: the sweep finds what no bell announced.
"""

import os
import sys
from copy import deepcopy
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_before_create_process, worker_init
from django.conf import settings
from django.db import close_old_connections, connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ritournelle")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery would close the connections to the database before and after each task, and to open one takes PostgreSQL longer
# than most tasks do. Instead they are kept as between two requests to the web.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize // 2
app.autodiscover_tasks()

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


@worker_init.connect
@worker_before_create_process.connect
def leave_no_connection_to_children(**_: Any) -> None:
    """Close what the worker's first process has opened, its checks for one, before it makes the processes that work.

    A child would believe that it holds the locks on an SQLite file that its parent holds, and damage the file.
    """
    connections.close_all()
