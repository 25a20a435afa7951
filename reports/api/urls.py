"""Addresses of the API for reports."""

from django.urls import path

from reports.api import running, saving

_PLACES = {
    "": (saving.ReportsView, "reports"),
    "/run": (running.RunView, "run"),
    "/description": (running.DescriptionView, "description"),
    "/schema": (running.LanguageView, "language"),
    "/<int:report_id>": (saving.OneReportView, "report"),
    "/<int:report_id>/result": (running.ResultView, "result"),
    "/<int:report_id>/archive": (saving.ArchiveView, "archive"),
    "/<int:report_id>/take-out": (saving.TakeOutView, "take_out"),
}
app_name = "reports_api"
urlpatterns = [path(f"v1/reports{place}", view.as_view(), name=name) for place, (view, name) in _PLACES.items()]
