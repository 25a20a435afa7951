"""What one unit of a currency is worth in the one into which amounts are converted."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Currency(models.Model):
    """A currency with its rate, as somebody entered it: how much of the target's unit one unit is worth."""

    code = models.CharField(_("currency"), max_length=3, primary_key=True, validators=[RegexValidator(r"\A[A-Z]{3}\Z")])
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8, validators=[MinValueValidator(0.00000001)])
    is_target = models.BooleanField(_("amounts are converted into it"), default=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        default_permissions = ("change",)
        ordering = ["code"]
        constraints = [
            # read by whoever converts: there is one target, of which one unit is worth one
            models.UniqueConstraint(fields=["is_target"], condition=models.Q(is_target=True), name="currency_target"),
            models.CheckConstraint(condition=models.Q(is_target=False) | models.Q(rate=1), name="currency_target_is_1"),
        ]

    def __str__(self) -> str:
        return self.code
