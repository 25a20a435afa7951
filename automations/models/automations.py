"""Automations, the versions that were published, and the triggers that are listening."""

import base64
import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from automations.models.labels import Label
from config.encryption import EncryptedTextField


def new_secret() -> str:
    """Make the secret by which receivers of webhooks know our calls, in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


class AutomationQuerySet(models.QuerySet["Automation"]):
    """Reusable filters of automations."""

    def living(self) -> "AutomationQuerySet":
        """Those that are not archived."""
        return self.exclude(state=Automation.State.ARCHIVED)


class Automation(models.Model):
    """An automation; its name is one word however it is capitalised.

    `draft` is the flow as it is being worked on, which may be incomplete; `version` is the number of the newest
    `AutomationVersion`, by which people go, and zero until it is published. `revision` counts every change that
    somebody saved, so that of two who work on it at once the second is told.
    """

    class State(models.TextChoices):
        """Whether people may enter it, and go on."""

        DRAFT = "draft", pgettext_lazy("an automation", "Draft")
        ACTIVE = "active", pgettext_lazy("an automation", "Active")
        PAUSED = "paused", pgettext_lazy("an automation", "Paused")
        ARCHIVED = "archived", pgettext_lazy("an automation", "Archived")

    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT)
    draft = models.JSONField(default=dict)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    labels = models.ManyToManyField(Label, related_name="automations", verbose_name=_("labels"), blank=True)
    # signs the calls of webhooks
    webhook_secret = EncryptedTextField(_("secret of webhooks"), default=new_secret, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("owner")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = AutomationQuerySet.as_manager()

    class Meta:
        verbose_name = _("automation")
        verbose_name_plural = _("automations")
        ordering = ["name"]
        constraints = [
            # read by whoever names an automation
            models.UniqueConstraint(Lower("name"), name="automation_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether people may enter it, and go on."""
        return self.state == self.State.ACTIVE


class AutomationVersion(models.Model):
    """A flow as it was published once; it never changes. `watched_at` is when its waits were last looked at."""

    automation = models.ForeignKey(Automation, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    flow = models.JSONField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    watched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("version of an automation")
        verbose_name_plural = _("versions of automations")
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            # read by the history of an automation; of two who publish at once, the second is told
            models.UniqueConstraint(fields=["automation", "number"], name="automation_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.automation} #{self.number}"


class Trigger(models.Model):
    """A trigger of the newest version while its automation is active; `options` as the flow writes them.

    `since` is when it began to listen: what happened before is history. `checked_until` is the moment up to which a
    trigger on a date has been looked after.
    """

    automation = models.ForeignKey(Automation, on_delete=models.CASCADE, related_name="triggers")
    key = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    options = models.JSONField()
    since = models.DateTimeField(default=timezone.now)
    checked_until = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("trigger")
        verbose_name_plural = _("triggers")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            # read by whoever publishes
            models.UniqueConstraint(fields=["automation", "key"], name="trigger_once"),
        ]
        indexes = [
            # read by whoever looks what a change starts, and by the sweep for triggers on dates
            models.Index(fields=["kind"], name="trigger_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.automation_id} {self.key}"
