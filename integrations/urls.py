"""Addresses that stores call."""

from django.urls import path

from integrations.views import WebhookView

app_name = "integrations"
urlpatterns = [
    path("<slug:provider>/<str:token>/", WebhookView.as_view(), name="webhook"),
]
