"""The pages on what automations and campaigns achieved."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from reports.pages.performance import automation, automations, campaigns, people

PAGES: dict[str, tuple[Callable[..., HttpResponseBase], str]] = {
    "automations/": (automations.automations, "report_automations"),
    "automations/export/": (automations.export, "report_automations_export"),
    "automations/people/": (people.of_automations, "report_automation_people"),
    "automations/people/export/": (people.export_of_automations, "report_automation_people_export"),
    "automations/<int:automation_id>/": (automation.automation, "report_automation"),
    "automations/<int:automation_id>/export/": (automation.export, "report_automation_export"),
    "campaigns/": (campaigns.campaigns, "report_campaigns"),
    "campaigns/export/": (campaigns.export, "report_campaigns_export"),
    "campaigns/people/": (people.of_campaigns, "report_campaign_people"),
    "campaigns/people/export/": (people.export_of_campaigns, "report_campaign_people_export"),
    "campaigns/<int:campaign_id>/": (campaigns.campaign, "report_campaign"),
}
