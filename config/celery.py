"""Celery: the bell that wakes workers, and beat's one table.

The work itself lies in the database, so a lost message loses nothing: the sweep finds what no bell announced.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ritournelle")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# name of the task -> seconds between two runs
PERIODIC = {
    "automations.tasks.sweep": 5.0,
    "contacts.tasks.sweep": 5.0,
    "integrations.tasks.sweep": 5.0,
    "integrations.tasks.retire_old_secrets": 600.0,
    "subscriptions.tasks.sweep": 5.0,
}
# One that waited longer than until the next one comes has nothing left to do.
app.conf.beat_schedule = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}} for task, seconds in PERIODIC.items()
}
