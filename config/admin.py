"""The team in the admin: people who may sign in, and their roles, with the theme's own forms."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from config.audit.audited import Audited

# Fields of a user that give more than a role does.
BEYOND_ROLES = ("is_superuser", "user_permissions")
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

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Offer only a superuser what would make somebody one, or more than a role allows."""
        shown = super().get_fieldsets(request, obj)
        if _is_superuser(request):
            return shown
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in BEYOND_ROLES]})
            for title, options in shown
        ]

    @method_decorator(sensitive_post_parameters())
    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set a password and record that it was set, both or neither."""
        return super().user_change_password(request, id, form_url)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let nobody but a superuser change a superuser, whose password would open everything."""
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let nobody but a superuser delete one."""
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    return _is_superuser(request) or not (person and person.is_superuser)


@admin.register(Group)
class RoleAdmin(Audited, GroupAdmin, ModelAdmin):  # type: ignore[misc]
    """A role; `config.roles` writes the two that the product brings."""

    search_help_text = _("Search by name")
