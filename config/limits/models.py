"""The allowances that have been touched; whoever has no row has a whole one."""

from django.db import models


class Allowance(models.Model):
    """How much is left to somebody under one limit.

    `name` is a keyed hash of the limit and of whom it concerns: addresses and names of people are not kept. `full_at`
    is the moment, in seconds, at which the whole allowance is there again.
    """

    name = models.CharField(max_length=64, primary_key=True)
    # indexed for the sweep
    full_at = models.FloatField(db_index=True)

    def __str__(self) -> str:
        return self.name
