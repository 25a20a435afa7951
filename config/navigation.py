"""The left menu: what a role may not use is absent."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _item(title: Any, icon: str, address: str, permission: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(address), "permission": _may(permission)}


_GROUPS: list[dict[str, Any]] = [
    {
        "items": [
            _item(_("Contacts"), "group", "admin:contacts_contact_changelist", "contacts.view_contact"),
            _item(
                _("Recurring payments"),
                "autorenew",
                "admin:subscriptions_recurringpayment_changelist",
                "subscriptions.view_recurringpayment",
            ),
        ]
    },
    {
        "title": _("Stores"),
        "items": [
            _item(_("Connected apps"), "hub", "connected_apps", "integrations.view_connection"),
            _item(_("Inbox"), "inbox", "admin:integrations_delivery_changelist", "integrations.view_delivery"),
        ],
    },
    {
        "title": _("Settings"),
        "items": [
            _item(_("Manage data"), "tune", "manage_data", "subscriptions.change_fieldorder"),
            _item(_("Tags"), "sell", "admin:contacts_tag_changelist", "contacts.view_tag"),
            _item(_("Audit log"), "receipt_long", "admin:audit_entry_changelist", "audit.view_entry"),
            _item(_("Team"), "badge", "admin:auth_user_changelist", "auth.view_user"),
        ],
    },
]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu for whoever asks; a group without an allowed entry is left out."""
    groups = [group | {"items": [item for item in group["items"] if item["permission"](request)]} for group in _GROUPS]
    return [group for group in groups if group["items"]]
