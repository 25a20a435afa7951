"""When each task of the clock was done last."""

from django.db import models


class Beat(models.Model):
    """The last time that a task of the clock was done, by any worker."""

    task = models.CharField(max_length=100, primary_key=True)
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.task
