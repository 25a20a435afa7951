"""The addresses of reports, among the admin's; each package of pages has its own in PAGES."""

from django.contrib import admin
from django.urls import URLPattern, path

from reports.pages import business

urlpatterns: list[URLPattern] = [
    path(f"reports/{address}", admin.site.admin_view(view), name=name)
    for pages in (business.PAGES,)
    for address, (view, name) in pages.items()
]
