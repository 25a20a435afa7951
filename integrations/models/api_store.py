"""What a store that speaks through the API tells of itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.models import Store


class ApiStore(models.Model):
    """A store as its plugin knows it: `service` is the kind of shop, `external_id` the plugin's own id of it.

    It belongs to the store and not to the connection, so that a shop which connects again finds its payments again.
    """

    store = models.OneToOneField(Store, on_delete=models.CASCADE, related_name="api_store", verbose_name=_("store"))
    service = models.CharField(_("service"), max_length=100)
    external_id = models.CharField(_("external ID"), max_length=255)
    logo_url = models.URLField(_("logo"), max_length=500, blank=True)
    link_url = models.URLField(_("website"), max_length=500, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("API store")
        verbose_name_plural = _("API stores")
        constraints = [
            # read by a plugin that connects its shop again
            models.UniqueConstraint(fields=["service", "external_id"], name="api_store_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.external_id}"
