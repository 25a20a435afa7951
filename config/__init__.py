"""Settings, addresses, Celery and checks; names the apps as strings only."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
