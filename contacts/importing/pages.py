"""The pages of an import: the file, what its columns are, how far it is, and the rows with errors."""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from config.audit.csv_export import written
from config.audit.log import record
from config.bells import ring
from contacts.importing import rows, work
from contacts.importing.forms import FileForm, MappingForm
from contacts.models import Contact, ContactImport
from contacts.tasks import run_import

_LISTED = 20
_ENCODINGS = {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8"}
_DELIMITERS = {",": ",", ";": ";", "\t": "⇥"}
_STATES = ContactImport.State


class Importing:
    """A mixin for the contact's admin: adds the addresses below `import/`, for those who may import."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        """Add them."""
        views: dict[str, tuple[str, Callable[..., HttpResponseBase]]] = {
            "": ("contact_imports", self.import_file),
            "<int:import_id>/": ("contact_import", self.import_page),
            "<int:import_id>/progress/": ("contact_import_progress", require_safe(self.import_progress)),
            "<int:import_id>/cancel/": ("contact_import_cancel", require_POST(self.import_cancel)),
            "<int:import_id>/errors/": ("contact_import_errors", require_safe(self.import_errors)),
        }
        own = [
            path(f"import/{route}", self.admin_site.admin_view(_for_importers(view)), name=name)
            for route, (name, view) in views.items()
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Offer the import to those who may."""
        context = {"may_import": _may(request), **(extra_context or {})}
        answer: HttpResponseBase = super().changelist_view(request, context)  # type: ignore[misc]
        return answer

    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Take a file, and list what was imported before."""
        form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
        if form.is_bound and form.is_valid() and (told := form.accepted(request.user)):
            return HttpResponseRedirect(_address(told))
        status = 422 if form.is_bound else 200
        context = {
            "title": gettext("Import contacts"),
            "form": form,
            "kept_days": settings.KEEP_DAYS["imports"],
            "imports": ContactImport.objects.select_related("made_by")[:_LISTED],
        }
        return self._import_page(request, "file", context, status=status)

    def import_page(self, request: HttpRequest, import_id: int) -> HttpResponse:
        """Ask what the columns are, as long as it is not started; then show how far it is."""
        told = get_object_or_404(ContactImport, pk=import_id)
        if told.is_draft:
            return self._mapped(request, told)
        return self._import_page(request, "progress", {"title": gettext("Import contacts"), "told": told})

    def import_progress(self, request: HttpRequest, import_id: int) -> HttpResponse:
        """Answer with how far it is, for the page that shows it live."""
        told = get_object_or_404(ContactImport.objects.exclude(state=_STATES.DRAFT), pk=import_id)
        return TemplateResponse(request, "contacts/importing/_progress.html", {"told": told})

    def import_cancel(self, request: HttpRequest, import_id: int) -> HttpResponse:
        """Ask an import to stop."""
        told = get_object_or_404(ContactImport, pk=import_id)
        with transaction.atomic():
            if work.cancel(told):
                record("import.cancelled", about=told, request=request)
        return HttpResponseRedirect(_address(told))

    def import_errors(self, request: HttpRequest, import_id: int) -> StreamingHttpResponse:
        """Answer with the rows that had errors, as they were, each with its number and the reason."""
        told = get_object_or_404(ContactImport, pk=import_id)
        if not told.failed:
            raise Http404
        record("exported", about=told, request=request, count=told.failed)
        header = [gettext("Row"), gettext("Reason"), *told.header]
        answer = StreamingHttpResponse(written(header, _errors(told)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{told.pk}-errors.csv"'
        return answer

    def _mapped(self, request: HttpRequest, told: ContactImport) -> HttpResponse:
        """Keep what was chosen for the columns, and start where that was asked for and nothing is wrong."""
        form = MappingForm(request.POST if request.method == "POST" else None, instance=told)
        is_valid = form.is_bound and form.is_valid()
        if is_valid:
            form.keep()
        if is_valid and "start" in request.POST:
            return self._started(request, told)
        asked = "start" in request.POST
        context = {
            "title": gettext("Import contacts"),
            "told": told,
            "form": form,
            "preview": _preview(told),
            "encoding": _ENCODINGS.get(told.encoding, told.encoding.upper()),
            "delimiter": _DELIMITERS[told.delimiter],
            "shows_errors": asked,
        }
        return self._import_page(request, "mapping", context, status=422 if asked else 200)

    def _started(self, request: HttpRequest, told: ContactImport) -> HttpResponse:
        with transaction.atomic():
            is_started = work.start(told)
            if is_started:
                record("import.started", about=Contact, request=request, count=told.size)
        if is_started:
            ring(run_import, told.pk)
        return HttpResponseRedirect(_address(told))

    def _import_page(
        self, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        known = self.admin_site.each_context(request)
        return TemplateResponse(request, f"contacts/importing/{name}.html", known | context, status=status)


def _may(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("contacts.add_contactimport"))


def _for_importers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def allowed(request: HttpRequest, **parts: int) -> HttpResponseBase:
        if not _may(request):
            raise PermissionDenied
        return view(request, **parts)

    return allowed


def _address(told: ContactImport) -> str:
    return reverse("admin:contact_import", args=[told.pk])


def _preview(told: ContactImport) -> list[dict[str, Any]]:
    """Read the first rows as they would be imported."""
    return [_read(told, *row) for row in work.first_rows(told)]


def _read(told: ContactImport, number: int, cells: list[str], is_broken: bool) -> dict[str, Any]:
    try:
        return {"number": number, "person": rows.person(cells, told.mapping, is_broken=is_broken)}
    except rows.Refused as refused:
        return {"number": number, "reason": rows.reason(refused.reason, refused.value)}


def _errors(told: ContactImport) -> Iterator[list[Any]]:
    for errors in told.slices.exclude(errors="").values_list("errors", flat=True).iterator():
        for number, cells, code, value in json.loads(errors):
            yield [number, rows.reason(code, value), *cells]
