"""The builder: what stands in it, its answer while somebody builds, and what saving it is answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reports import currencies
from reports.custom import reading, starts
from reports.custom.description import description
from reports.custom.reading import ReportError
from reports.models import Report
from reports.pages.custom import access, asked, saving, showing, words
from reports.pages.custom.saving import ReportForm
from reports.pages.custom.showing import Shown
from subscriptions.refusal import Refusal
from subscriptions.segments import description as conditions


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show a builder with nothing in it or with a report to `start` from, and save what is built as a new report."""
    if request.method == "POST":
        access.require(request, "add")
        return _save(request, None)
    start = starts.BY_KEY.get(request.GET.get("start", ""))
    begun = {"name": str(start.name) if start else "", "definition": start.definition if start else starts.EMPTY}
    return _page(request, None, begun=begun)


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a saved report in the builder, and save what was changed in it, or a copy."""
    found = access.find(report_id)
    if request.method != "POST":
        return _page(request, found)
    if "copy" in request.POST:
        access.require(request, "add")
        return _save(request, None, copied=found)
    access.require(request, "change")
    return _save(request, found)


@access.may("view")
@require_POST
def result(request: HttpRequest) -> HttpResponse:
    """Answer a report that is posted as JSON with its page's part, or with errors by path."""
    try:
        found = asked.of_text(request.body.decode("utf-8", "replace"))
    except ReportError as error:
        return JsonResponse({"errors": error.errors}, status=422)
    shown = showing.show(found, may_open=access.may_see_people(request))
    context = {"shown": shown, "is_built": True, "may_export": access.may_export(request)}
    html = render_to_string("reports/custom/_result.html", context, request=request)
    told = {"html": html, "sentence": shown.sentence, "fits": shown.fits, "said": _said(shown)}
    return JsonResponse(told | {"definition": found.definition.write()})


def _said(shown: Shown) -> str:
    """Tell a screen reader that there is an answer."""
    if shown.result is None:
        return gettext("Counting it takes too long. A shorter period or fewer groups may help.")
    count = shown.result.count
    return ngettext("%(n)d group", "%(n)d groups", count) % {"n": count}


def _save(request: HttpRequest, report: Report | None, *, copied: Report | None = None) -> HttpResponse:
    """Save a report, or a new one where there is none; what is refused of a copy is shown beside what is copied."""
    form = ReportForm(saving.renamed(request.POST, copied) if copied else request.POST)
    try:
        kept = saving.save(request, report, form)
    except saving.PROBLEMS as error:
        return _refused(request, report or copied, form, saving.refusal(error, form))
    return _saved(request, kept, is_new=report is None)


def _refused(request: HttpRequest, report: Report | None, form: ReportForm, refusal: Refusal) -> HttpResponse:
    if report:
        report.refresh_from_db()
    if access.is_script(request):
        return refusal.to_script(revision=report.revision if report else 0)
    return _page(request, report, typed=form, refusal=refusal)


def _saved(request: HttpRequest, report: Report, *, is_new: bool) -> HttpResponse:
    said = gettext("The report has been saved.")
    if access.is_script(request) and not is_new:
        return JsonResponse({"revision": report.revision, "message": said, "name": report.name})
    messages.success(request, said)
    address = reverse("custom_report_change", args=[report.pk])
    return JsonResponse({"url": address}, status=201) if access.is_script(request) else redirect(address)


def _page(
    request: HttpRequest,
    report: Report | None,
    *,
    begun: dict[str, Any] | None = None,
    typed: ReportForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    values = _values(report, typed, begun)
    definition = _parsed(values["definition"])
    where = definition.get("where") if isinstance(definition, dict) else None
    own = {
        "report": report,
        "values": values,
        "refusal": refusal,
        "definition": definition,
        "sentence": words.said(definition),
        "shown": _shown(request, definition),
        "is_built": True,
        "description": description(),
        "conditions": conditions.description([where]),
        "target": currencies.target(),
        "may_save": access.is_allowed(request, "change" if report else "add"),
        "may_export": access.may_export(request),
    }
    context = access.context(request, report.name if report else gettext("New report"), **own)
    return render(request, "reports/custom/builder.html", context, status=refusal.status if refusal else 200)


def _values(report: Report | None, typed: ReportForm | None, begun: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the form shows: what was typed, so that nothing of it is lost, or what is saved, or was begun."""
    kept = {"name": "", "description": "", "definition": starts.EMPTY} | (begun or {})
    if report:
        kept |= {"name": report.name, "description": report.description, "definition": report.definition}
    kept["definition"] = asked.pretty(kept["definition"])
    if typed:
        kept |= {name: typed.data.get(name, "") for name in kept}
    return kept | {"revision": report.revision if report else 0}


def _parsed(text: str) -> Any:
    try:
        return asked.parse(text)
    except ReportError:
        return None


def _shown(request: HttpRequest, definition: Any) -> Shown | None:
    """Answer what stands in the builder, for the first paint; nothing where it cannot be asked."""
    try:
        found = asked.Asked(definition=reading.read(definition))
    except ReportError:
        return None
    return showing.show(found, may_open=access.may_see_people(request))
