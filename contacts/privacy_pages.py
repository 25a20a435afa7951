"""A person's rights on their page: taking their data along, and being forgotten."""

import json
from typing import Any

from django.contrib.messages import SUCCESS
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from config.audit.log import record
from contacts import privacy
from contacts.models import Contact


class PersonalData:
    """A mixin for the contact's admin: adds the addresses `data/` and `erase/` of one person."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        """Add both."""
        views = {"data": require_GET(self.export_data), "erase": self.erase}
        own = [
            path(f"<int:contact_id>/{name}/", self.admin_site.admin_view(view), name=f"contact_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def export_data(self, request: HttpRequest, contact_id: int) -> HttpResponse:
        """Answer with everything that is held of the person, as a file; for those who work with people."""
        contact = self._allowed(request, contact_id, "view", "change")
        told = json.dumps(privacy.export(contact), indent=2, ensure_ascii=False)
        record("person.exported", about=contact, request=request)
        answer = HttpResponse(told, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="contact-{contact.pk}.json"'
        answer["Cache-Control"] = "no-store"
        return answer

    def erase(self, request: HttpRequest, contact_id: int) -> HttpResponse:
        """Ask for the person's e-mail or name, and erase them once that has been typed."""
        contact = self._allowed(request, contact_id, "delete")
        if request.method == "POST" and _means(contact, request.POST.get("typed", "")):
            with transaction.atomic():
                privacy.erase(contact)
                record("person.erased", about=contact, request=request)
            self.message_user(request, gettext("The person has been erased."), SUCCESS)  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("admin:contacts_contact_changelist"))
        context = self.admin_site.each_context(request) | {
            "title": gettext("Erase this person"),
            "opts": self.opts,
            "original": contact,
            "wanted": _names(contact)[0],
            "amounts": privacy.amounts(contact),
            "mistyped": request.method == "POST",
        }
        return TemplateResponse(request, "contacts/erase.html", context, status=422 if context["mistyped"] else 200)

    def _allowed(self, request: HttpRequest, contact_id: int, *actions: str) -> Contact:
        contact = get_object_or_404(Contact, pk=contact_id)
        if not all(getattr(self, f"has_{action}_permission")(request, contact) for action in actions):
            raise PermissionDenied
        return contact


def _names(contact: Contact) -> list[str]:
    """List what a person can be named by, the surest first."""
    return [name for name in (contact.email, contact.full_name) if name] or [str(contact)]


def _means(contact: Contact, typed: str) -> bool:
    return typed.strip().casefold() in {name.strip().casefold() for name in _names(contact)}
