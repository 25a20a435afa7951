"""The address of dj-stripe's webhook."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer as long as the process can answer at all."""
    return HttpResponse()


urlpatterns = [path("healthz", healthz), path("stripe/", include("djstripe.urls", namespace="djstripe"))]
