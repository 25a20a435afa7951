"""A part of a batch that is applied in one transaction."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.batch import Batch


class BatchSlice(models.Model):
    """Some rows of a batch until they are applied, then what became of each.

    `rows` is JSON, [[store id, announce, row], ...], and empty once they are applied: people's data is kept no longer.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="slices")
    start = models.PositiveIntegerField()  # the place of the first row in the batch
    rows = models.TextField()
    outcomes = models.JSONField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("slice of a batch")
        verbose_name_plural = _("slices of a batch")
        ordering = ["start"]
        constraints = [
            # read by whoever goes on with a batch, and by the pages of its outcomes
            models.UniqueConstraint(fields=["batch", "start"], name="batch_slice_start"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.start}"
