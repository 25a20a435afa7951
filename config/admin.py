"""The team in the admin: people who may sign in, and their roles, with the theme's own forms."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.forms import UserChangeForm

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


class NewMemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody new; their first password is made for them."""

    class Meta:
        model = User
        fields = ("username", "email")
        field_classes = {"username": UsernameField}

    def clean_username(self) -> str:
        """Refuse a name that is there already, in whichever case."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(User._meta.get_field("username").error_messages["unique"], code="unique")
        return name


@admin.register(User)
class TeamAdmin(Audited, UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    """A person of the team."""

    form = UserChangeForm
    add_form = NewMemberForm
    add_fieldsets = ((None, {"fields": ("username", "email")}),)
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
        """End the member's other sessions where they may do more or less; tell an address that is theirs no longer."""
        super().save_related(request, form, formsets, change)
        if change and "email" in form.changed_data and (old := form.initial["email"]):
            telling.tell(form.instance, "email_changed", request=request, email=old)
        if change and ENDING & set(form.changed_data):
            lifetime.end(form.instance, but=_own(request, form.instance))

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """Show the first password of somebody new, this once."""
        return self._give(request, obj)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Make a new password for somebody else, end their sessions, record it, and show it this once."""
        member = self.get_object(request, unquote(id))
        if member is None:
            raise Http404
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        if _own(request, member):
            return redirect("admin:password_change")
        if request.method != "POST":
            return self._page(request, "give", member)
        lifetime.end(member)
        record("changed", about=member, request=request, fields=["password"])
        telling.tell(member, "password_given", request=request)
        return self._give(request, member)

    def _give(self, request: HttpRequest, member: User) -> HttpResponse:
        password = given.give(member)
        return self._page(request, "given", member, password=password, until=timezone.now() + given.LASTS)

    def _page(self, request: HttpRequest, name: str, member: User, **told: Any) -> HttpResponse:
        title = gettext("Password of %(name)s") % {"name": member}
        context = self.admin_site.each_context(request) | {"title": title, "member": member} | told
        return render(request, f"account/{name}.html", context)

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


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    return _is_superuser(request) or not (person and person.is_superuser)


@admin.register(Group)
class RoleAdmin(Audited, GroupAdmin, ModelAdmin):  # type: ignore[misc]
    """A role; `config.roles` writes the two that the product brings."""

    search_help_text = _("Search by name")
