"""Labels: words by which automations and campaigns are found again, and by which reports are filtered."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Label(models.Model):
    """A word on automations and campaigns; its name is one word however it is capitalised, and it goes with its last
    use.
    """

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        default_permissions = ()
        ordering = ["name"]
        constraints = [
            # read by whoever types a label: "Dunning" and "dunning" are one
            models.UniqueConstraint(Lower("name"), name="label_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name
