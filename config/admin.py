"""The team in the admin: people who may sign in, and their roles, with the theme's own forms."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

admin.site.index_title = _("Overview")
admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class TeamAdmin(UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    """A person of the team."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    search_help_text = _("Search by name or e-mail")
    readonly_fields = ("last_login", "date_joined")


@admin.register(Group)
class RoleAdmin(GroupAdmin, ModelAdmin):  # type: ignore[misc]
    """A role; `config.roles` writes the two that the product brings."""

    search_help_text = _("Search by name")
