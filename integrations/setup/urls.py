"""The addresses of connected apps and of their set-up, among the admin's."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, path

from integrations.setup import views

# address -> view and name
_PAGES: dict[str, tuple[Callable[..., HttpResponse], str]] = {
    "": (views.cards, "connected_apps"),
    "new/": (views.app, "setup_app"),
    "new/<slug:kind>/": (views.connect, "setup_connect"),
    "<int:connection_id>/credentials/": (views.credentials, "setup_credentials"),
    "<int:connection_id>/resource/": (views.resource, "setup_resource"),
    "<int:connection_id>/options/": (views.options, "setup_options"),
    "<int:connection_id>/finish/": (views.finish, "setup_finish"),
    "<int:connection_id>/finish/progress/": (views.progress, "setup_progress"),
    "<int:connection_id>/finish/register/": (views.register, "setup_register"),
    "<int:connection_id>/finish/prove/": (views.prove, "setup_prove"),
    "<int:connection_id>/finish/key/": (views.make_key, "setup_key"),
}
urlpatterns: list[URLPattern] = [
    path(address, admin.site.admin_view(view), name=name) for address, (view, name) in _PAGES.items()
]
