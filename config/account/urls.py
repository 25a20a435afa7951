"""The addresses of one's own account, below /admin/account/."""

from django.contrib import admin
from django.urls import path

from config.account import pages

urlpatterns = [
    path(address, admin.site.admin_view(view), name=name)
    for address, view, name in (
        ("", pages.account, "account"),
        ("two-factor/start/", pages.start, "two_factor_start"),
        ("two-factor/confirm/", pages.confirm, "two_factor_confirm"),
        ("two-factor/codes/", pages.new_codes, "two_factor_codes"),
        ("two-factor/off/", pages.switch_off, "two_factor_off"),
        ("sign-out-elsewhere/", pages.sign_out_elsewhere, "sign_out_elsewhere"),
        ("sessions/<slug:name>/end/", pages.sign_out_one, "sign_out_one"),
    )
]
