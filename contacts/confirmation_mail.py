"""The e-mail that asks a person to confirm, in their language as far as that is known, else in the account's."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from contacts.models import Confirmation


def compose(row: Confirmation, token: str) -> EmailMessage:
    """Write the message; the link says nothing of whom or what it is about."""
    name = " ".join(row.contact_list.name.split())
    link = settings.PUBLIC_URL + reverse("confirm", args=[token])
    with translation.override(row.contact.language or settings.LANGUAGE_CODE):
        return EmailMessage(
            subject=gettext("Please confirm: %(list)s") % {"list": name},
            body=render_to_string("contacts/confirmation.txt", {"list": name, "link": link}),
            to=[row.contact.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
