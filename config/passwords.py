"""Changing one's own password, which the audit log knows as it knows any other that is set."""

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.audit.log import record
from config.sessions import lifetime


@transaction.atomic
def change_own(request: HttpRequest) -> HttpResponseBase:
    """Show the page and take the new password; end the sessions that are open elsewhere; record it; all or nothing."""
    answer: HttpResponseBase = admin.site.password_change(request)
    if request.method == "POST" and answer.status_code == 302:
        lifetime.end(request.user, but=request)  # type: ignore[arg-type]
        record("changed", about=request.user, request=request, fields=["password"])  # type: ignore[arg-type]
    return answer
