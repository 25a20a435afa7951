"""What each notice says, in the member's language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.notices.models import Notice

# what has changed -> a sentence about it
KINDS: Mapping[str, Any] = {
    "password_changed": _("The password of your account was changed."),
    "password_given": _(
        "An administrator has set a new password for your account; you choose your own when you sign in."
    ),
    "two_factor_on": _("Two-factor sign-in was switched on for your account."),
    "two_factor_off": _("Two-factor sign-in was switched off for your account."),
    "new_codes": _("New recovery codes were made for your account. The old ones count no longer."),
    "code_used": _("Somebody signed in to your account with one of its recovery codes."),
    "email_changed": _("The e-mail address of your account was changed. This is the last e-mail to the old one."),
}


def compose(row: Notice) -> EmailMessage:
    """Write the message."""
    with translation.override(row.language):
        told = {
            "name": row.member.get_username(),
            "sentence": str(KINDS[row.kind]),
            "when": date_format(timezone.localtime(row.at), "DATETIME_FORMAT"),
            "link": settings.PUBLIC_URL + reverse("account"),
        }
        return EmailMessage(
            subject=gettext("Your sign-in has changed"),
            body=render_to_string("account/notice.txt", told),
            to=[row.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
