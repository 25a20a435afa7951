"""Campaigns: e-mails that are written once and sent to many, the versions of them, and the sender whom all have."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from automations.models.labels import Label

_COLOUR = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write a colour such as #0f766e."))


class Campaign(models.Model):
    """An e-mail that automations send, or that goes to a list once; its name is one word however it is capitalised.

    `draft` is what it says as it is being worked on, which may be incomplete; `version` is the number of the newest
    `CampaignVersion`, which is what is sent, and zero until there is one. `revision` counts every change that somebody
    saved, so that of two who work on it at once the second is told.
    """

    class Kind(models.TextChoices):
        """How it is sent."""

        AUTOMATED = "automated", pgettext_lazy("a campaign", "Automated")
        DIRECT = "direct", pgettext_lazy("a campaign", "Direct")

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    draft = models.JSONField(default=dict)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    labels = models.ManyToManyField(Label, related_name="campaigns", verbose_name=_("labels"), blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["name"]
        constraints = [
            # read by whoever names a campaign
            models.UniqueConstraint(Lower("name"), name="campaign_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_automated(self) -> bool:
        """Whether automations send it."""
        return self.kind == self.Kind.AUTOMATED


class CampaignVersion(models.Model):
    """What a campaign said from some moment on; it never changes."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    class Meta:
        verbose_name = _("version of a campaign")
        verbose_name_plural = _("versions of campaigns")
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            # read by whoever sends; of two who put something into use at once, the second is told
            models.UniqueConstraint(fields=["campaign", "number"], name="campaign_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} #{self.number}"


class Sender(models.Model):
    """From whom all e-mails come and how they look, unless one says something else: one row.

    `revision` counts the changes, by which what was prepared with another logo or address is told apart.
    """

    ONLY = 1

    name = models.CharField(_("name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail of the sender"), max_length=254, blank=True)
    reply_to = models.EmailField(_("answers go to"), max_length=254, blank=True)
    postal_address = models.TextField(_("postal address"), max_length=500, blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    accent = models.CharField(_("colour of buttons and links"), max_length=7, default="#0f766e", validators=[_COLOUR])
    background = models.CharField(_("background"), max_length=7, default="#f3f4f6", validators=[_COLOUR])
    logo = models.BinaryField(default=bytes, blank=True)
    logo_type = models.CharField(max_length=20, blank=True)
    logo_name = models.CharField(max_length=64, blank=True)  # random, so that it can be kept by whoever has loaded it
    per_minute = models.PositiveIntegerField(
        _("e-mails a minute, at most"),
        default=6000,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("As many as your mail server or provider takes."),
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        default_permissions = ("view", "change")
        constraints = [
            # read by everybody who writes an e-mail: there is one
            models.CheckConstraint(condition=models.Q(id=1), name="sender_only_one"),
        ]

    def __str__(self) -> str:
        return self.name


class Sheet(models.Model):
    """A version made ready to be filled in: for one language, with the sender as they were; it never changes.

    `subject`, `other_subject`, which a mailing may try, `html` and `text` are templates. What was sent is kept by its
    difference from the last two.
    """

    version = models.ForeignKey(CampaignVersion, on_delete=models.CASCADE, related_name="sheets")
    language = models.CharField(max_length=10)
    sender = models.PositiveIntegerField()  # its revision
    subject = models.TextField()
    other_subject = models.TextField(blank=True)
    html = models.TextField()
    text = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("prepared e-mail")
        verbose_name_plural = _("prepared e-mails")
        default_permissions = ()
        constraints = [
            # read by whoever writes a message
            models.UniqueConstraint(fields=["version", "language", "sender"], name="sheet_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.language} {self.sender}"
