"""People, and the tags a marketer gave them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
    # in which e-mails are written to them; where it is not known, in the account's language
    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    is_measured = models.BooleanField(_("measure what they open and click in e-mails"), default=True)
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


class FormerContact(models.Model):
    """A contact that was merged into another one: its number and the e-mail that was not kept lead to that one."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="former", verbose_name=_("contact"))
    number = models.PositiveBigIntegerField(unique=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    # read by whoever matches people by e-mail; null where there was none
    email_key = models.CharField(max_length=254, null=True, unique=True)
    merged_at = models.DateTimeField(_("merged"), auto_now_add=True)

    class Meta:
        verbose_name = _("former contact")
        verbose_name_plural = _("former contacts")
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.number}"
