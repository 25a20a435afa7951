"""The pages of custom reports: the list, the builder, a saved report, what is behind it, and its e-mails."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from reports.pages.custom import acts, building, files, listing, opening, schedules, viewing

PAGES: dict[str, tuple[Callable[..., HttpResponseBase], str]] = {
    "custom/": (listing.listing, "custom_reports"),
    "custom/new/": (building.new, "custom_report_new"),
    "custom/result/": (building.result, "custom_report_result"),
    "custom/behind/": (opening.behind_built, "custom_report_behind_built"),
    "custom/export/<slug:ending>/": (files.export_built, "custom_report_export_built"),
    "custom/<int:report_id>/": (viewing.report, "custom_report"),
    "custom/<int:report_id>/change/": (building.change, "custom_report_change"),
    "custom/<int:report_id>/behind/": (opening.behind, "custom_report_behind"),
    "custom/<int:report_id>/export/<slug:ending>/": (files.export, "custom_report_export"),
    "custom/<int:report_id>/duplicate/": (acts.duplicate, "custom_report_duplicate"),
    "custom/<int:report_id>/archive/": (acts.archive, "custom_report_archive"),
    "custom/<int:report_id>/take-out/": (acts.take_out, "custom_report_take_out"),
    "custom/<int:report_id>/delete/": (acts.delete, "custom_report_delete"),
    "custom/<int:report_id>/schedules/": (schedules.schedules, "custom_report_schedules"),
    "custom/<int:report_id>/schedules/new/": (schedules.new, "custom_report_schedule_new"),
    "custom/<int:report_id>/schedules/<int:schedule_id>/": (schedules.change, "custom_report_schedule"),
    "custom/<int:report_id>/schedules/<int:schedule_id>/now/": (schedules.now, "custom_report_schedule_now"),
    "custom/<int:report_id>/schedules/<int:schedule_id>/switch/": (schedules.switch, "custom_report_schedule_switch"),
    "custom/<int:report_id>/schedules/<int:schedule_id>/delete/": (schedules.delete, "custom_report_schedule_delete"),
}
