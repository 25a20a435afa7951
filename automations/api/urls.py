"""Addresses of the API for automations."""

from django.urls import path

from automations.api import automations, people

app_name = "automations_api"
_ALL = "v1/automations"
_ONE = f"{_ALL}/<int:automation_id>"
urlpatterns = [
    path(_ALL, automations.AutomationsView.as_view(), name="automations"),
    path(f"{_ALL}/schema", automations.SchemaView.as_view(), name="schema"),
    path(_ONE, automations.AutomationView.as_view(), name="automation"),
    path(f"{_ONE}/publish", automations.PublishView.as_view(), name="publish"),
    path(f"{_ONE}/movings", automations.MovingsView.as_view(), name="movings"),
    path(f"{_ONE}/pause", automations.PauseView.as_view(), name="pause"),
    path(f"{_ONE}/resume", automations.ResumeView.as_view(), name="resume"),
    path(f"{_ONE}/archive", automations.ArchiveView.as_view(), name="archive"),
    path(f"{_ONE}/take-out", automations.TakeOutView.as_view(), name="take_out"),
    path(f"{_ONE}/people", people.PeopleView.as_view(), name="people"),
    path(f"{_ONE}/people/<int:way_id>", people.PathView.as_view(), name="path"),
    path(f"{_ONE}/people/<int:way_id>/retry", people.RetryView.as_view(), name="retry"),
    path(f"{_ONE}/people/<int:way_id>/end", people.EndView.as_view(), name="end"),
]
