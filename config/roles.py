"""The four roles of a team: who looks, who works with people, who tidies up, and who sets things up."""

from typing import Any

from django.apps import AppConfig, apps

_VIEWER = (
    "contacts.view_contact",
    "contacts.view_tag",
    "contacts.view_contactlist",
    "subscriptions.view_recurringpayment",
    "subscriptions.view_segment",
    "automations.view_automation",
    "automations.view_campaign",
    "automations.view_sender",
    "integrations.view_connection",
    "integrations.view_delivery",
    "reports.view_report",
)
_MARKETER = (
    *_VIEWER,
    "contacts.add_contact",
    "contacts.change_contact",
    "contacts.export_contact",
    "contacts.add_contactimport",
    "contacts.add_tag",
    "contacts.change_tag",
    "contacts.add_contactlist",
    "contacts.change_contactlist",
    "subscriptions.export_recurringpayment",
    "subscriptions.add_segment",
    "subscriptions.change_segment",
    "automations.add_automation",
    "automations.change_automation",
    "automations.add_campaign",
    "automations.change_campaign",
    "integrations.retry_delivery",
    "reports.add_report",
    "reports.change_report",
)
_MANAGER = (
    *_MARKETER,
    "contacts.delete_contact",
    "contacts.delete_tag",
    "contacts.delete_contactlist",
    "subscriptions.delete_segment",
    "automations.delete_automation",
    "automations.delete_campaign",
    "automations.change_sender",
    "subscriptions.change_fieldorder",
    "reports.change_currency",
    "reports.delete_report",
)
_ADMINISTRATOR = (
    *_MANAGER,
    "integrations.add_connection",
    "integrations.change_connection",
    "integrations.delete_connection",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.delete_user",
    "audit.view_entry",
    "audit.export_entry",
)
# role -> permissions, as "app.codename"; each role may all that the one before may
ROLES: dict[str, tuple[str, ...]] = {
    "Viewer": _VIEWER,
    "Marketer": _MARKETER,
    "Manager": _MANAGER,
    "Administrator": _ADMINISTRATOR,
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
