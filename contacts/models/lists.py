"""Lists that people are on, and how each stands on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.people import Contact

# The source of what was decided on our own pages, where that of stores is their name.
MARKETER = "marketer"
# The source of what a file said.
IMPORT = "import"


class ContactList(models.Model):
    """A list that people are subscribed to; its name is one word however it is capitalised."""

    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        ordering = ["name"]
        constraints = [
            # read by whoever names a list
            models.UniqueConstraint(models.functions.Lower("name"), name="list_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """How a person stands on a list, who said so, and since when; `source` is a store's name or one of ours."""

    class State(models.TextChoices):
        """What may be sent to them."""

        # from the most that may be sent to the least, which is what stands when two people become one
        SUBSCRIBED = "subscribed", _("Subscribed")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="standings", verbose_name=_("contact"))
    contact_list = models.ForeignKey(
        ContactList, on_delete=models.CASCADE, related_name="standings", verbose_name=_("list")
    )
    state = models.CharField(_("state"), max_length=16, choices=State)
    source = models.CharField(_("source"), max_length=200)
    changed_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["contact_list__name"]
        constraints = [
            # read by whoever subscribes or unsubscribes somebody
            models.UniqueConstraint(fields=["contact", "contact_list"], name="standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_list}: {self.get_state_display()}"

    @property
    def is_subscribed(self) -> bool:
        """Whether the list may be sent to them."""
        return self.state == self.State.SUBSCRIBED

    @property
    def by_marketer(self) -> bool:
        """Whether it was decided on our own pages, and not by a store."""
        return self.source == MARKETER

    @property
    def by_import(self) -> bool:
        """Whether a file said so that a marketer imported."""
        return self.source == IMPORT
