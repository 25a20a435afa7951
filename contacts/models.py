"""People, the tags a marketer gave them, and the lists they are on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The source of what was decided on our own pages, where that of stores is their name.
MARKETER = "marketer"


class Tag(models.Model):
    """A word that a marketer puts on people; its name is one word however it is capitalised."""

    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            # read by whoever types a tag: "VIP" and "vip" are one
            models.UniqueConstraint(models.functions.Lower("name"), name="tag_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person. `email_key` is what people are matched by; `email` keeps their own spelling."""

    # set on whom `upsert_contacts` has made just now
    is_newcomer = False
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    # null where there is no e-mail, so that several people without one can exist
    email_key = models.CharField(max_length=254, null=True, editable=False, unique=True)
    first_name = models.CharField(_("first name"), max_length=200, blank=True)
    last_name = models.CharField(_("last name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="contacts")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    # what the audit log calls it, which keeps names for good: nothing of a person but the number
    audit_label = ""

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [("export_contact", "Can export contacts")]
        ordering = ["-created_at", "-pk"]
        indexes = [
            # read by the list of contacts, newest first
            models.Index(fields=["-created_at", "-id"], name="contact_newest"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or _("Contact %(id)s") % {"id": self.pk}

    @property
    def full_name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


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
    """How a person stands on a list, who said so, and since when; `source` is a store's name or "marketer"."""

    class State(models.TextChoices):
        """What may be sent to them."""

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
