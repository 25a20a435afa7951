"""Saving what was built: the form, and why it is refused, each reason at its place."""

from django import forms
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.access import who
from config.audit.log import record
from reports.custom import reading, saved
from reports.custom.reading import ReportError
from reports.models import Report
from reports.pages.custom import access, asked
from subscriptions import display, names
from subscriptions.refusal import Refusal

# for which nothing is saved
PROBLEMS = (ReportError, saved.NameTaken, saved.BadName, saved.Stale, forms.ValidationError)


class ReportForm(forms.Form):
    """What is saved; the definition is read by the language of reports itself."""

    name = forms.CharField(label=_("Name"), max_length=saved.NAME_LENGTH)
    description = forms.CharField(label=_("Description"), max_length=saved.DESCRIPTION_LENGTH, required=False)
    definition = forms.CharField(label=_("Report as JSON"), strip=False)
    seen = forms.IntegerField(required=False)


def renamed(typed: QueryDict, copied: Report) -> QueryDict:
    """Give a copy whose name nobody has changed one of its own."""
    if typed.get("name", "").strip().lower() != copied.name.lower():
        return typed
    told = typed.copy()
    told["name"] = names.of_copy(Report, copied.name)
    return told


@transaction.atomic
def save(request: HttpRequest, report: Report | None, form: ReportForm) -> Report:
    """Save and record it; raise what is wrong in the name first, since the report's own faults are told with it."""
    if not form.is_valid():
        raise forms.ValidationError("")
    told, by = form.cleaned_data, access.person(request)
    definition = asked.parse(told["definition"])
    values = {"name": told["name"], "description": told["description"]}
    if report is None:
        kept = saved.create(definition, owner=by, **values)
        record("added", about=kept, request=request)
        return kept
    kept = saved.save(report, definition, by=by, seen=told["seen"], **values)
    if kept.revision != report.revision:
        record("changed", about=kept, request=request)
    return kept


def refusal(error: Exception, form: ReportForm) -> Refusal:
    """Say why nothing was saved."""
    if isinstance(error, saved.Stale):
        return Refusal(status=409, stale=_stale(error.report))
    if isinstance(error, saved.NameTaken):
        return Refusal(fields={"name": gettext("There is a report of this name already.")})
    if isinstance(error, saved.BadName):
        return Refusal(fields={error.field: str(error)})
    if isinstance(error, ReportError):
        return Refusal(errors=error.errors)
    fields = {name: " ".join(map(str, told)) for name, told in form.errors.items()}
    return Refusal(errors=_faults(form.data.get("definition", "")), fields=fields)


def _faults(text: str) -> dict[str, str]:
    """Tell what is wrong in a report, also where its name is wrong too."""
    try:
        reading.read(asked.parse(text))
    except ReportError as error:
        return error.errors
    return {}


def _stale(newest: Report) -> str:
    when = display.relative(newest.updated_at)
    if newest.changed_by is None:
        return gettext("This report was saved %(when)s, while you were working on it.") % {"when": when}
    said = gettext("%(who)s saved this report %(when)s, while you were working on it.")
    return said % {"who": who(newest.changed_by), "when": when}
