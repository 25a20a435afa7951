"""The addresses of people whom a segment finds, among the admin's."""

from collections.abc import Callable

from django.contrib import admin
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from subscriptions.people_pages import actions, results

# address -> view and name
_PAGES: dict[str, tuple[Callable[..., HttpResponseBase], str]] = {
    "": (results.results, "people"),
    "act/": (actions.begin, "people_act"),
    "actions/": (actions.actions, "people_actions"),
    "actions/<int:action_id>/": (actions.action, "people_action"),
    "actions/<int:action_id>/progress/": (actions.progress, "people_action_progress"),
    "actions/<int:action_id>/cancel/": (actions.cancel, "people_action_cancel"),
    "actions/<int:action_id>/download/": (actions.download, "people_action_download"),
}
urlpatterns: list[URLPattern] = [
    path(f"people/{address}", admin.site.admin_view(view), name=name) for address, (view, name) in _PAGES.items()
]
