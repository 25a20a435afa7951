"""Addresses of Manage data, among the admin's."""

from django.contrib import admin
from django.urls import path

from subscriptions import manage_data

PAGE = "manage-data/recurring-payments/"

urlpatterns = [
    path(PAGE, admin.site.admin_view(manage_data.page), name="manage_data"),
    path(f"{PAGE}move/", admin.site.admin_view(manage_data.move), name="manage_data_move"),
    path(f"{PAGE}undo/", admin.site.admin_view(manage_data.undo), name="manage_data_undo"),
    path(f"{PAGE}redo/", admin.site.admin_view(manage_data.redo), name="manage_data_redo"),
    path(f"{PAGE}reset/", admin.site.admin_view(manage_data.reset), name="manage_data_reset"),
]
