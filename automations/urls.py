"""The addresses of automations and campaigns, among the admin's."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, path

from automations.pages import (
    acts,
    asking,
    campaigns,
    flow_page,
    labels,
    letting_in,
    listing,
    making,
    people,
    recipes,
    rehearsals,
    settings,
    versions,
)

# address -> view and name, of automations and of campaigns
_PAGES: dict[str, tuple[Callable[..., HttpResponse], str]] = {
    "": (listing.listing, "automations"),
    "new/": (making.new, "automation_new"),
    "recipes/": (recipes.recipes, "automation_recipes"),
    "recipes/<slug:key>/": (recipes.recipe, "automation_recipe"),
    "import/": (making.bring_in, "automation_import"),
    "<int:automation_id>/": (flow_page.flow, "automation"),
    "<int:automation_id>/check/": (asking.check, "automation_check"),
    "<int:automation_id>/counts/": (asking.counts, "automation_counts"),
    "<int:automation_id>/people/": (people.people, "automation_people"),
    "<int:automation_id>/people/retry/": (people.retry, "automation_retry"),
    "<int:automation_id>/people/why/": (letting_in.why_not, "automation_why"),
    "<int:automation_id>/people/enter/": (letting_in.enter, "automation_enter"),
    "<int:automation_id>/people/from-before/": (letting_in.from_before, "automation_from_before"),
    "<int:automation_id>/people/from-before/progress/": (letting_in.progress, "automation_intake"),
    "<int:automation_id>/people/from-before/cancel/": (letting_in.cancel, "automation_intake_cancel"),
    "<int:automation_id>/people/<int:way_id>/skip/": (letting_in.skip, "automation_skip"),
    "<int:automation_id>/people/<int:way_id>/": (people.path, "automation_path"),
    "<int:automation_id>/people/<int:way_id>/end/": (people.end, "automation_end"),
    "<int:automation_id>/versions/": (versions.versions, "automation_versions"),
    "<int:automation_id>/versions/<int:number>/": (versions.go_back, "automation_go_back"),
    "<int:automation_id>/receivers/<int:receiver_id>/switch-on/": (acts.switch_on, "automation_switch_on"),
    "<int:automation_id>/settings/": (settings.settings, "automation_settings"),
    "<int:automation_id>/settings/secret/": (settings.renew_secret, "automation_renew_secret"),
    "<int:automation_id>/labels/": (labels.of_automation, "automation_labels"),
    "<int:automation_id>/export/": (settings.export, "automation_export"),
    "<int:automation_id>/dry-run/": (rehearsals.dry_run, "automation_dry_run"),
    "<int:automation_id>/dry-run/way/": (rehearsals.dry_way, "automation_dry_way"),
    "<int:automation_id>/test/": (rehearsals.test, "automation_test"),
    "<int:automation_id>/publish/": (acts.publish, "automation_publish"),
    "<int:automation_id>/pause/": (acts.pause, "automation_pause"),
    "<int:automation_id>/resume/": (acts.resume, "automation_resume"),
    "<int:automation_id>/archive/": (acts.archive, "automation_archive"),
    "<int:automation_id>/take-out/": (acts.take_out, "automation_take_out"),
    "<int:automation_id>/duplicate/": (acts.duplicate, "automation_duplicate"),
    "<int:automation_id>/delete/": (acts.delete, "automation_delete"),
}
_CAMPAIGNS: dict[str, tuple[Callable[..., HttpResponse], str]] = {
    "": (campaigns.listing.listing, "campaigns"),
    "new/": (campaigns.writing.new, "campaign_new"),
    "sender/": (campaigns.sender.sender, "sender"),
    "messages/<int:message_id>/": (campaigns.results.message, "campaign_message"),
    "<int:campaign_id>/": (campaigns.writing.campaign, "campaign"),
    "<int:campaign_id>/preview/": (campaigns.writing.preview, "campaign_preview"),
    "<int:campaign_id>/links/": (campaigns.acts.links, "campaign_links"),
    "<int:campaign_id>/test/": (campaigns.acts.test, "campaign_test"),
    "<int:direct_id>/sending/": (campaigns.sending.sending, "campaign_sending"),
    "<int:direct_id>/sending/count/": (campaigns.sending.count, "campaign_count"),
    "<int:direct_id>/sending/progress/": (campaigns.sending.progress, "campaign_progress"),
    "<int:direct_id>/sending/hold/": (campaigns.sending.hold, "campaign_hold"),
    "<int:direct_id>/sending/go-on/": (campaigns.sending.go_on, "campaign_go_on"),
    "<int:direct_id>/sending/cancel/": (campaigns.sending.cancel, "campaign_cancel"),
    "<int:direct_id>/sending/choose/": (campaigns.sending.choose, "campaign_choose"),
    "<int:campaign_id>/labels/": (labels.of_campaign, "campaign_labels"),
    "<int:campaign_id>/results/": (campaigns.results.results, "campaign_results"),
    "<int:campaign_id>/versions/": (campaigns.acts.versions, "campaign_versions"),
    "<int:campaign_id>/versions/<int:number>/": (campaigns.acts.go_back, "campaign_go_back"),
    "<int:campaign_id>/archive/": (campaigns.acts.archive, "campaign_archive"),
    "<int:campaign_id>/take-out/": (campaigns.acts.take_out, "campaign_take_out"),
    "<int:campaign_id>/duplicate/": (campaigns.acts.duplicate, "campaign_duplicate"),
    "<int:campaign_id>/delete/": (campaigns.acts.delete, "campaign_delete"),
}
urlpatterns: list[URLPattern] = [
    path(f"{above}{address}", admin.site.admin_view(view), name=name)
    for above, pages in (("automations/", _PAGES), ("campaigns/", _CAMPAIGNS))
    for address, (view, name) in pages.items()
]
