"""Lists as CSV: what a list shows, with its search and filters, streamed row by row and recorded."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from config.audit.log import record

# What a spreadsheet would run as a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]\d+(\.\d+)?", re.ASCII)
_FETCHED_AT_ONCE = 1000


class CsvExport:
    """A mixin for an admin's list: adds the address `export/`, which honours the list's search and filters.

    `csv_columns` maps each column's name to what reads it from an object.
    """

    change_list_template = "admin/csv_change_list.html"
    csv_columns: Mapping[Any, Callable[[Any], Any]]
    opts: Any
    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        """Add the export to the list's addresses."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        export = path("export/", self.admin_site.admin_view(self.export_csv), name=name)
        return [export, *super().get_urls()]  # type: ignore[misc]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may take the list home: a permission of its own, beside that to see it."""
        may_see: bool = self.has_view_permission(request)  # type: ignore[attr-defined]
        return may_see and request.user.has_perm(f"{self.opts.app_label}.export_{self.opts.model_name}")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Offer the export to those who may."""
        context = {"has_export_permission": self.has_export_permission(request), **(extra_context or {})}
        answer: HttpResponseBase = super().changelist_view(request, context)  # type: ignore[misc]
        return answer

    def export_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """Answer with everything that the list with this search and these filters holds."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            rows: QuerySet[Any] = self.get_changelist_instance(request).get_queryset(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters as error:
            raise Http404 from error
        record("exported", about=rows.model, request=request, count=rows.count())
        lines = ([read(obj) for read in self.csv_columns.values()] for obj in rows.iterator(_FETCHED_AT_ONCE))
        answer = StreamingHttpResponse(written(list(self.csv_columns), lines), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}s.csv"'
        return answer


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def written(columns: Sequence[Any], lines: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Write a CSV piece by piece, as a spreadsheet reads it and runs nothing of it."""
    writer = csv.writer(_Echo())
    yield "\ufeff"  # or a spreadsheet reads UTF-8 as something else
    yield writer.writerow([neutral(name) for name in columns])
    for line in lines:
        yield writer.writerow([neutral(value) for value in line])


def neutral(value: Any) -> str:
    """Write a value so that no spreadsheet takes it for a formula; numbers stay numbers."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text) else text
