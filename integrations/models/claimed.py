"""What processes work on in turns: one at a time, under a claim that runs out if it dies."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Claimed(models.Model):
    """A row that has a `state`, and that `turns` hands from process to process."""

    OPEN: ClassVar[tuple[str, ...]] = ("waiting", "running")
    state: "models.CharField[str, str]"

    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in self.OPEN
