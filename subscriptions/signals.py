"""The one doorbell: something in the change log is new. It carries no data; the log is what is read."""

from django.dispatch import Signal

changes_recorded = Signal()
