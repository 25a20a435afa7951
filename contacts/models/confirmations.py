"""E-mails that ask people whether they want to be on a list."""

import secrets
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.turns import Claimed
from contacts.models.lists import ContactList
from contacts.models.people import Contact

# How long a link counts.
VALID = timedelta(days=30)


def _token() -> str:
    return secrets.token_urlsafe(24)


class Confirmation(Claimed):
    """One e-mail to one person about one list, sent once at most; `token` is what its link names, and says nothing."""

    class State(models.TextChoices):
        """Where the e-mail stands; between `handed` and `sent` a crash leaves it unknown whether it went out."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        HANDED = "handed", _("Handed over")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        NEEDLESS = "needless", _("Not needed any more")

    UNSENT: ClassVar[tuple[str, ...]] = (*Claimed.OPEN, "handed")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="confirmations")
    contact_list = models.ForeignKey(ContactList, on_delete=models.CASCADE, related_name="confirmations")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    token = models.CharField(max_length=32, unique=True, default=_token, editable=False)
    # to whom it was sent
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            # read by whoever asks: nobody is asked twice at once about one list
            models.UniqueConstraint(
                fields=["contact", "contact_list"],
                condition=models.Q(state__in=["waiting", "running", "handed"]),
                name="one_open_confirmation",
            ),
        ]
        indexes = [
            # read by the sweep, every few seconds
            models.Index(
                fields=["claimed_until"],
                condition=models.Q(state__in=["waiting", "running", "handed"]),
                name="confirmation_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_list} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_expired(self) -> bool:
        """Whether its link counts no longer."""
        return timezone.now() > self.asked_at + VALID
