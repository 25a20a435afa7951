"""Merging two contacts on their pages: finding the other one, comparing, choosing, confirming."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from config.audit.log import record
from config.seeking import contains
from contacts import merging, privacy
from contacts.models import Contact

_SEARCHED = ("email", "first_name", "last_name", "company")
_SHOWN = 20
# what has more is no id
_DIGITS = 19


class Merging:
    """A mixin for the contact's admin: adds the address `merge/` of one person, and leads from who was merged."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        """Add it."""
        view = self.admin_site.admin_view(self.merge)
        return [path("<int:contact_id>/merge/", view, name="contact_merge"), *super().get_urls()]  # type: ignore[misc]

    def merge(self, request: HttpRequest, contact_id: int) -> HttpResponseBase:
        """Ask who the same person is, then what stays of both, and merge them once that is confirmed."""
        contact = Contact.objects.filter(pk=contact_id).first()
        if contact is None:
            return self._followed(request, contact_id)
        if not self.has_change_permission(request, contact):  # type: ignore[attr-defined]
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        other = _other(asked.get("with", ""), contact)
        if request.method == "POST" and other and "confirmed" in request.POST:
            return self._merged(request, contact, other)
        found = None if other else _found(request.GET.get("q", ""), contact)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Merge with another contact"),
            "original": contact,
            "other": other,
            "q": request.GET.get("q", ""),
            "found": found,
            "is_unconfirmed": request.method == "POST",
        }
        if other:
            context |= {"fields": _compared(contact, other), "amounts": privacy.amounts(other)}
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "contacts/merge.html", context, status=status)

    def _merged(self, request: HttpRequest, contact: Contact, other: Contact) -> HttpResponse:
        taken = [name for name in merging.FIELDS if request.POST.get(name) == "other"]
        try:
            with transaction.atomic():
                merging.merge(contact.pk, other.pk, taken=taken)
                record("person.merged", about=contact, request=request, number=other.pk)
        except merging.Gone:
            words = gettext("One of the two has been merged or erased meanwhile. Look at them again.")
            messages.warning(request, words)
            return HttpResponseRedirect(reverse("admin:contacts_contact_change", args=[contact.pk]))
        messages.success(request, gettext("The two contacts are one now."))
        return HttpResponseRedirect(reverse("admin:contacts_contact_change", args=[contact.pk]))

    def _followed(self, request: HttpRequest, contact_id: int) -> HttpResponse:
        survivor = merging.follow(contact_id)
        if survivor is None:
            raise Http404
        if not self.has_view_permission(request, survivor):  # type: ignore[attr-defined]
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:contacts_contact_change", args=[survivor.pk]))

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Lead from the page of a contact that was merged to the one that it is now."""
        survivor = merging.follow(int(object_id)) if _is_id(object_id) else None
        if survivor is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc, no-any-return]
        query = request.GET.urlencode()
        address = reverse("admin:contacts_contact_change", args=[survivor.pk])
        return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < _DIGITS


def _other(chosen: str, contact: Contact) -> Contact | None:
    return Contact.objects.filter(pk=chosen).exclude(pk=contact.pk).first() if _is_id(chosen) else None


def _found(words: str, contact: Contact) -> "QuerySet[Contact] | None":
    """Find others by every word of what is typed, in the name, the e-mail or the company."""
    if not words.strip():
        return None
    others = Contact.objects.exclude(pk=contact.pk)
    for word in words.replace("\0", "").split()[:10]:
        others = others.filter(contains(word, *_SEARCHED))
    return others[:_SHOWN]


def _compared(contact: Contact, other: Contact) -> list[dict[str, Any]]:
    """Set the fields side by side; where both say something else, one has to be chosen."""
    rows = []
    for name in merging.FIELDS:
        mine, theirs = getattr(contact, name), getattr(other, name)
        label = Contact._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        rows.append(
            {
                "name": name,
                "label": label,
                "mine": mine,
                "theirs": theirs,
                "differs": bool(mine and theirs and mine != theirs),
                "is_filled": bool(theirs and not mine),
            }
        )
    return rows
