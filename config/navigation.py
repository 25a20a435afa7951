"""The left menu: what a role may not use is absent."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


# Says whether what is about recurring payments may be seen yet.
_AVAILABLE = "subscriptions.availability.is_available"


def _item(
    title: Any, icon: str, address: str, permission: str, *, waits: bool = False, also: str = ""
) -> dict[str, Any]:
    """Describe an entry.

    One that `waits` is absent until recurring payments are available; `also` names the address below which the pages
    belong to this entry too, beside those below its own.
    """
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(address),
        "permission": _may(permission),
        "waits": waits,
    } | ({"active": _is_below(address, also)} if also else {})


def _is_below(*addresses: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.path.startswith(tuple(reverse(address) for address in addresses))


_GROUPS: list[dict[str, Any]] = [
    {
        "items": [
            _item(_("Home"), "home", "home_page", "subscriptions.view_recurringpayment"),
            _item(_("Contacts"), "group", "admin:contacts_contact_changelist", "contacts.view_contact", also="people"),
            _item(_("Segments"), "filter_alt", "segments", "subscriptions.view_segment"),
            _item(_("Automations"), "account_tree", "automations", "automations.view_automation"),
            _item(_("Campaigns"), "mail", "campaigns", "automations.view_campaign"),
            _item(
                _("Recurring payments"),
                "autorenew",
                "admin:subscriptions_recurringpayment_changelist",
                "subscriptions.view_recurringpayment",
                waits=True,
            ),
            _item(_("Reports"), "monitoring", "reports", "subscriptions.view_recurringpayment"),
        ]
    },
    {
        "title": _("Stores"),
        "items": [
            _item(
                _("Connected apps"),
                "hub",
                "connected_apps",
                "integrations.view_connection",
                also="admin:integrations_connection_changelist",
            ),
            _item(_("Inbox"), "inbox", "admin:integrations_delivery_changelist", "integrations.view_delivery"),
        ],
    },
    {
        "title": _("Settings"),
        "items": [
            _item(_("Manage data"), "tune", "manage_data", "subscriptions.change_fieldorder", waits=True),
            _item(_("Lists"), "list_alt", "admin:contacts_contactlist_changelist", "contacts.view_contactlist"),
            _item(_("Tags"), "sell", "admin:contacts_tag_changelist", "contacts.view_tag"),
            _item(_("Sender"), "contact_mail", "sender", "automations.view_sender"),
            _item(_("Audit log"), "receipt_long", "admin:audit_entry_changelist", "audit.view_entry"),
            _item(_("Team"), "badge", "admin:auth_user_changelist", "auth.view_user"),
        ],
    },
]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu for whoever asks; what waits for recurring payments, and a group without entries, is left out."""
    available = import_string(_AVAILABLE)()
    groups = [
        group | {"items": [item for item in group["items"] if _shows(item, request, available)]} for group in _GROUPS
    ]
    return [group for group in groups if group["items"]]


def account(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu below one's own name."""
    return [
        {"title": _("Your account"), "link": reverse_lazy("account")},
        {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
    ]


def _shows(item: dict[str, Any], request: HttpRequest, available: bool) -> bool:
    return item["permission"](request) and (available or not item["waits"])
