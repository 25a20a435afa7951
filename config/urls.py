"""Addresses: the admin is the face of everything, stores knock at /hooks/, machines ask /healthz and /readyz."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from config import health

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:contacts_contact_changelist"), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("hooks/", include("integrations.urls")),
    path("admin/", include("subscriptions.urls")),
    path("admin/", admin.site.urls),
]
