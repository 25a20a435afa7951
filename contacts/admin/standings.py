"""How one person stands on each list: seen and changed on the contact's page."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from contacts import consents
from contacts.models import MARKETER, Consent, Contact, ContactList, Standing
from contacts.services import confirm, subscribe, unsubscribe

State = Standing.State
WITH_LISTS = Prefetch("standings", Standing.objects.select_related("contact_list"))
_ON_NONE = "none"
# what has more is no id
_DIGITS = 19
# what has come of it -> how it is said
_WORDS = {
    State.SUBSCRIBED: _("%(contact)s is subscribed to “%(list)s”."),
    State.UNCONFIRMED: _("%(contact)s is asked by e-mail to confirm “%(list)s”."),
    State.BOUNCED: _("E-mails of “%(list)s” do not reach %(contact)s."),
    State.UNSUBSCRIBED: _("%(contact)s is unsubscribed from “%(list)s”."),
}
_LONGEST_REASON = 200


class SubscribedFilter(admin.SimpleListFilter):
    """People who are subscribed to a list, or to none."""

    title = _("list")
    parameter_name = "list"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer every list."""
        lists = [(str(pk), name) for pk, name in ContactList.objects.values_list("pk", "name")]
        return [*lists, (_ON_NONE, _("On no list"))] if lists else []

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Contact]") -> "QuerySet[Contact]":
        """Select the people of the chosen list."""
        chosen = self.value()
        subscribed = Standing.objects.filter(contact=OuterRef("pk"), state=State.SUBSCRIBED)
        if chosen == _ON_NONE:
            return queryset.filter(~Exists(subscribed))
        if chosen is None:
            return queryset
        known = chosen.isdecimal() and len(chosen) < _DIGITS
        return queryset.filter(Exists(subscribed.filter(contact_list=int(chosen)))) if known else queryset.none()


def lists_of(contact: Contact) -> list[str]:
    """Name the lists that a person is subscribed to."""
    return [str(standing.contact_list) for standing in contact.standings.all() if standing.is_subscribed]


class Standings:
    """A mixin for the contact's admin: shows the person's lists on their page, and changes them by a form each."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        """Add the address that the forms are sent to."""
        view = self.admin_site.admin_view(require_POST(self.stand))
        return [path("<int:contact_id>/lists/", view, name="contact_stand"), *super().get_urls()]  # type: ignore[misc]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the person's lists, and those that they can still be put on."""
        if (contact := kwargs.get("obj")) and request.user.has_perm("contacts.view_contactlist"):
            standings = _with_history(contact)
            known = [standing.contact_list_id for standing in standings]
            context |= {"standings": standings, "other_lists": ContactList.objects.exclude(pk__in=known)}
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def stand(self, request: HttpRequest, contact_id: int) -> HttpResponse:
        """Subscribe the person to the list that was posted, confirm that by hand, or unsubscribe them."""
        contact = get_object_or_404(Contact, pk=contact_id)
        if not self.has_change_permission(request, contact):  # type: ignore[attr-defined]
            raise PermissionDenied
        chosen = request.POST.get("list", "")
        asked, reason = request.POST.get("state", ""), request.POST.get("reason", "").replace("\0", "").strip()
        found = ContactList.objects.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < _DIGITS else None
        if asked not in _VERBS or found is None:
            self._say(request, gettext("Choose a list first. It may have been deleted meanwhile."), messages.WARNING)
        elif asked == _CONFIRMED and not reason:
            self._say(request, gettext("Say how you know that the person agreed."), messages.WARNING)
        else:
            _VERBS[asked](contact, found, reason[:_LONGEST_REASON], request.user.get_username())
            said = _WORDS[_state(contact, found)] % {"contact": contact, "list": found}
            self.log_change(request, contact, said)  # type: ignore[attr-defined]
            self._say(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:contacts_contact_change", args=[contact.pk]))

    def _say(self, request: HttpRequest, words: str, level: int) -> None:
        self.message_user(request, words, level)  # type: ignore[attr-defined]


def _with_history(contact: Contact) -> list[Standing]:
    """Return the person's standings, each with its `history`, the newest change first."""
    standings = list(contact.standings.all())
    changes: dict[int, list[Consent]] = {}
    for one in consents.of(contact):
        changes.setdefault(one.contact_list_id, []).append(one)
    for standing in standings:
        vars(standing)["history"] = changes.get(standing.contact_list_id, [])
    return standings


def _subscribe(contact: Contact, contact_list: ContactList, _reason: str, by: str) -> None:
    subscribe([contact.pk], contact_list.pk, source=MARKETER, by=by)


def _confirm(contact: Contact, contact_list: ContactList, reason: str, by: str) -> None:
    confirm([contact.pk], contact_list.pk, source=MARKETER, reason=reason, by=by)


def _unsubscribe(contact: Contact, contact_list: ContactList, _reason: str, by: str) -> None:
    unsubscribe([contact.pk], contact_list.pk, source=MARKETER, by=by)


_CONFIRMED = "confirmed"
# what is posted -> what is done
_VERBS = {State.SUBSCRIBED.value: _subscribe, _CONFIRMED: _confirm, State.UNSUBSCRIBED.value: _unsubscribe}


def _state(contact: Contact, contact_list: ContactList) -> State:
    """Say how the person stands now; who never was on the list is as good as unsubscribed."""
    standing = Standing.objects.filter(contact=contact, contact_list=contact_list).first()
    return State(standing.state) if standing else State.UNSUBSCRIBED
