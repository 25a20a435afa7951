"""The addresses of segments, among the admin's."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, path

from subscriptions.segment_pages import acts, asking, listing, page, whys

# address -> view and name
_PAGES: dict[str, tuple[Callable[..., HttpResponse], str]] = {
    "": (listing.listing, "segments"),
    "new/": (page.new, "segment_new"),
    "preview/": (asking.preview, "segment_preview"),
    "reach/": (asking.reach, "segment_reach"),
    "values/": (asking.values, "segment_values"),
    "why/": (whys.typed_why, "segment_typed_why"),
    "<int:segment_id>/": (page.segment, "segment"),
    "<int:segment_id>/count/": (listing.count, "segment_count"),
    "<int:segment_id>/why/": (whys.saved_why, "segment_why"),
    "<int:segment_id>/duplicate/": (acts.duplicate, "segment_duplicate"),
    "<int:segment_id>/archive/": (acts.archive, "segment_archive"),
    "<int:segment_id>/take-out/": (acts.take_out, "segment_take_out"),
    "<int:segment_id>/versions/<int:number>/": (acts.go_back, "segment_go_back"),
    "<int:segment_id>/delete/": (acts.delete, "segment_delete"),
}
urlpatterns: list[URLPattern] = [
    path(f"segments/{address}", admin.site.admin_view(view), name=name) for address, (view, name) in _PAGES.items()
]
