"""Addresses of the API for automations."""

from django.urls import path

from automations.api import acts, automations, people

_PLACES = {
    "": (automations.AutomationsView, "automations"),
    "/schema": (automations.LanguageView, "language"),
    "/<int:automation_id>": (automations.OneAutomationView, "automation"),
    "/<int:automation_id>/movings": (acts.MovingsView, "movings"),
    "/<int:automation_id>/publish": (acts.PublishView, "publish"),
    "/<int:automation_id>/pause": (acts.PauseView, "pause"),
    "/<int:automation_id>/resume": (acts.ResumeView, "resume"),
    "/<int:automation_id>/archive": (acts.ArchiveView, "archive"),
    "/<int:automation_id>/take-out": (acts.TakeOutView, "take_out"),
    "/<int:automation_id>/people": (people.PeopleView, "people"),
    "/<int:automation_id>/people/<int:way_id>": (people.WayView, "way"),
    "/<int:automation_id>/people/<int:way_id>/retry": (people.RetryView, "retry"),
    "/<int:automation_id>/people/<int:way_id>/skip": (people.SkipView, "skip"),
    "/<int:automation_id>/people/<int:way_id>/end": (people.EndView, "end"),
}
app_name = "automations_api"
urlpatterns = [path(f"v1/automations{place}", view.as_view(), name=name) for place, (view, name) in _PLACES.items()]
