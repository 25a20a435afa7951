"""The addresses of reports, among the admin's; each package of pages has its own in PAGES."""

from django.contrib import admin
from django.urls import URLPattern, path

from reports.pages import business, currencies, custom, home, index, performance

urlpatterns: list[URLPattern] = [
    path("home/", admin.site.admin_view(home.home), name="home_page"),
    path("reports/", admin.site.admin_view(index.index), name="reports"),
    path("reports/currencies/", admin.site.admin_view(currencies.currencies), name="report_currencies"),
    *(
        path(f"reports/{address}", admin.site.admin_view(view), name=name)
        for pages in (business.PAGES, performance.PAGES, custom.PAGES)
        for address, (view, name) in pages.items()
    ),
]
