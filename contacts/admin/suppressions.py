"""A person whose address is suppressed: their page says so, and sends there again if somebody wants that."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from config.audit.log import record
from contacts import suppressing
from contacts.models import Contact, Standing


class Suppressions:
    """A mixin for the contact's admin: adds the address `send-again/` of one person."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        """Add it."""
        view = self.admin_site.admin_view(require_POST(self.send_again))
        own = path("<int:contact_id>/send-again/", view, name="contact_send_again")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add why nothing is sent to the person."""
        if contact := kwargs.get("obj"):
            context["suppression"] = suppressing.of(contact.email_key)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def send_again(self, request: HttpRequest, contact_id: int) -> HttpResponse:
        """Send to the address again; lists on which it bounced count once more, those that were left do not."""
        contact = get_object_or_404(Contact, pk=contact_id)
        if not self.has_change_permission(request, contact):  # type: ignore[attr-defined]
            raise PermissionDenied
        with transaction.atomic():
            if contact.email_key and suppressing.lift(contact.email_key):
                bounced = contact.standings.filter(state=Standing.State.BOUNCED)
                bounced.update(state=Standing.State.SUBSCRIBED)
                record("person.suppression_lifted", about=contact, request=request)
                messages.success(request, gettext("E-mails are sent to this address again."))
        return redirect("admin:contacts_contact_change", contact.pk)
