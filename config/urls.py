"""Addresses: the admin is the face of everything, stores knock at /hooks/, machines ask /healthz, /readyz, /metrics."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.utils.module_loading import import_string
from django.views.generic import RedirectView

from config import health, passwords, sign_in
from config.metrics import page
from config.two_factor import second_step

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="home_page"), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", page.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/schema/", import_string(settings.SCHEMA_VIEW).as_view(), name="schema"),
    path("api/", include("automations.api.urls")),
    path("api/", include("reports.api.urls")),
    path("api/", include("integrations.api.urls")),
    path("e/", include("automations.public_urls")),
    *([path("hooks/email/", include("config.email_hooks"))] if settings.EMAIL_PROVIDER else []),
    path("hooks/", include("integrations.urls")),
    path("confirm/<str:token>/", import_string("contacts.confirm_pages.confirm"), name="confirm"),
    path("admin/", RedirectView.as_view(pattern_name="home_page")),
    path("admin/login/", sign_in.sign_in),
    path("admin/login/code/", second_step.second_step, name="second_step"),
    path("admin/account/", include("config.account.urls")),
    path("admin/password_change/", admin.site.admin_view(passwords.change_own)),
    path("admin/", include("subscriptions.urls")),
    path("admin/", include("automations.urls")),
    path("admin/", include("reports.urls")),
    path("admin/connected-apps/", include("integrations.setup.urls")),
    path("admin/", admin.site.urls),
]
