"""The team in the admin: people who may sign in, and their roles, with the theme's own forms."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from config.audit.audited import Audited
from config.audit.log import record
from config.given_passwords import given
from config.notices import telling
from config.sessions import lifetime
from config.two_factor import factors
from config.two_factor.models import Authenticator

# Fields of a user that give more than a role does.
BEYOND_ROLES = ("is_superuser", "user_permissions")
# Fields of a user whose change ends the sessions that were opened before.
ENDING = {"username", "is_active", "is_staff", "is_superuser", "groups", "user_permissions"}
admin.site.index_title = _("Overview")
admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class TeamAdmin(Audited, UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    """A person of the team."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    search_help_text = _("Search by name or e-mail")
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "two_factors")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Offer only a superuser what would make somebody one, or more than a role allows."""
        shown = super().get_fieldsets(request, obj)
        if _is_superuser(request):
            return shown
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in BEYOND_ROLES]})
            for title, options in shown
        ]

    def get_urls(self) -> list[URLPattern]:
        """Add the address that switches a member's two-factor sign-in off."""
        view = self.admin_site.admin_view(require_POST(self.two_factor_off))
        return [path("<int:user_id>/two-factor-off/", view, name="member_two_factor_off"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        """Know of each whether they sign in with two factors."""
        confirmed = Authenticator.objects.filter(member=OuterRef("pk"), confirmed_at__isnull=False)
        people: QuerySet[User] = super().get_queryset(request)
        return people.annotate(has_two_factors=Exists(confirmed))

    @admin.display(description=_("two-factor sign-in"), boolean=True)
    def two_factors(self, member: Any) -> bool:
        """Show who signs in with two factors."""
        return bool(member.has_two_factors)

    @transaction.atomic
    def two_factor_off(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Switch it off for a member who has lost everything, end their sessions, and record it."""
        member = get_object_or_404(User, pk=user_id)
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        if factors.switch_off(member):
            lifetime.end(member)
            record("two_factor.switched_off", about=member, request=request)
            telling.tell(member, "two_factor_off", request=request)
        self.message_user(request, gettext("Two-factor sign-in is off for %(name)s.") % {"name": member})
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[member.pk]))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """End the member's other sessions where they may do more or less; who is new has still to choose a password."""
        super().save_related(request, form, formsets, change)
        if not change:
            given.give(form.instance)
        elif "email" in form.changed_data and (old := form.initial["email"]):
            telling.tell(form.instance, "email_changed", request=request, email=old)
        if change and ENDING & set(form.changed_data):
            lifetime.end(form.instance, but=_own(request, form.instance))

    @method_decorator(sensitive_post_parameters())
    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set a password, end the sessions that are open, and record it: all or nothing."""
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        member = User.objects.filter(pk=id).first() if request.method == "POST" and id.isdecimal() else None
        if member and answer.status_code == HTTPStatus.FOUND:
            lifetime.end(member, but=_own(request, member))
            _note_who_chose(request, member)
        return answer

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let nobody but a superuser change a superuser, whose password would open everything."""
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let nobody but a superuser delete one."""
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _own(request: HttpRequest, member: User) -> HttpRequest | None:
    """Return the request whose session goes on: that of somebody who changes themselves."""
    return request if request.user.pk == member.pk else None


def _note_who_chose(request: HttpRequest, member: User) -> None:
    """Note that somebody else knows a member's password, or that nobody does any more, and tell the member."""
    if _own(request, member):
        given.forget(request, member)
        telling.tell(member, "password_changed", request=request)
    else:
        given.give(member)
        telling.tell(member, "password_given", request=request)


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    return _is_superuser(request) or not (person and person.is_superuser)


@admin.register(Group)
class RoleAdmin(Audited, GroupAdmin, ModelAdmin):  # type: ignore[misc]
    """A role; `config.roles` writes the two that the product brings."""

    search_help_text = _("Search by name")
