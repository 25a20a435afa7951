"""Pages of our own among the admin's."""

from django.contrib import admin
from django.urls import include, path

from subscriptions import views

urlpatterns = [
    path(
        "contacts/<int:contact_id>/recurring-payments/",
        admin.site.admin_view(views.contact_widget),
        name="contact_widget",
    ),
    path(
        "recurring-payments/<int:payment_id>/panel/", admin.site.admin_view(views.payment_panel), name="payment_panel"
    ),
    path("", include("subscriptions.manage_data_urls")),
    path("", include("subscriptions.people_urls")),
    path("", include("subscriptions.segment_urls")),
]
