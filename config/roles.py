"""The two roles of a team: administrators set things up, marketers work with people."""

from typing import Any

from django.apps import AppConfig, apps

# role -> permissions, as "app.codename"
ROLES: dict[str, tuple[str, ...]] = {
    "Marketer": (
        "contacts.view_contact",
        "contacts.add_contact",
        "contacts.change_contact",
        "contacts.view_tag",
        "contacts.add_tag",
        "contacts.change_tag",
        "subscriptions.view_recurringpayment",
        "integrations.view_connection",
        "integrations.view_delivery",
    ),
    "Administrator": (
        "contacts.view_contact",
        "contacts.add_contact",
        "contacts.change_contact",
        "contacts.delete_contact",
        "contacts.view_tag",
        "contacts.add_tag",
        "contacts.change_tag",
        "contacts.delete_tag",
        "subscriptions.view_recurringpayment",
        "subscriptions.change_fieldorder",
        "integrations.view_connection",
        "integrations.add_connection",
        "integrations.change_connection",
        "integrations.delete_connection",
        "integrations.view_delivery",
        "integrations.change_delivery",
        "auth.view_user",
        "auth.add_user",
        "auth.change_user",
        "auth.delete_user",
    ),
}


def write_roles(sender: AppConfig, **_: Any) -> None:
    """Bring the roles in the database to what the table says, once the last app's permissions exist."""
    if sender != [app for app in apps.get_app_configs() if app.models_module][-1]:
        return
    from django.contrib.auth.models import Group, Permission

    permissions = {
        f"{one.content_type.app_label}.{one.codename}": one for one in Permission.objects.select_related("content_type")
    }
    for name, wanted in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set([permissions[permission] for permission in wanted])
