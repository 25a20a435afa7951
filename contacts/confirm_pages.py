"""The public page behind the link of an e-mail: it asks once more, since mail programs open links by themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.public_pages import public, too_often
from contacts import confirming


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, and take the person's yes when it is pressed; 404 for a link of nobody, 410 for an old one."""
    if refused := too_often(request):
        return refused
    row = confirming.find(token)
    if row is None:
        return render(request, "contacts/confirm.html", {"is_unknown": True}, status=404)
    is_done = request.method == "POST" and confirming.accept(row)
    if not is_done and not confirming.counts(row):
        return render(request, "contacts/confirm.html", {"is_over": True}, status=410)
    return render(request, "contacts/confirm.html", {"list": row.contact_list, "is_done": is_done})
