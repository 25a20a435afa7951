"""Stores, and whom their customer numbers stand for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, ContactList


class Store(models.Model):
    """Where recurring payments come from; its id is the "legacy connection ID" of the API for stores.

    `payment_page` is the address of a payment's own page at the store, with `{id}` for the store's id of it.
    """

    name = models.CharField(_("name"), max_length=200)
    provider = models.CharField(_("provider"), max_length=32)
    payment_page = models.CharField(_("payment page"), max_length=500, blank=True)
    # the list to which the people whom this store brings are subscribed
    newcomer_list = models.ForeignKey(
        ContactList, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("list")
    )

    # whether it is connected in a way that shows the features before its first payment; read by `availability`
    features_from_start = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StoreCustomer(models.Model):
    """Which contact a store's customer number stands for."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="customers")
    store_customer_id = models.CharField(max_length=255)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="store_customers")

    class Meta:
        verbose_name = _("store customer")
        verbose_name_plural = _("store customers")
        constraints = [
            # read by the writer: a known customer number comes before the e-mail
            models.UniqueConstraint(fields=["store", "store_customer_id"], name="store_customer_identity"),
        ]

    def __str__(self) -> str:
        return self.store_customer_id
