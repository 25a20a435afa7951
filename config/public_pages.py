"""Pages for people who are not of the team: nothing runs on them, nothing comes from elsewhere, nobody floods them."""

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from config.limits import addresses
from config.limits.allowances import Limit, take

public = csp_override(
    {
        "default-src": [CSP.NONE],
        "style-src": [CSP.SELF],
        "img-src": [CSP.SELF, "data:"],
        "form-action": [CSP.SELF],
        "frame-ancestors": [CSP.NONE],
        "base-uri": [CSP.NONE],
    }
)
# What one address may change in a minute; looking is free.
CHANGES = Limit(name="public pages", burst=60, seconds=60)


def too_often(request: HttpRequest) -> HttpResponse | None:
    """Count what is posted from an address; return the page that asks to wait, with Retry-After, or None."""
    wait = take(CHANGES, addresses.of(request)) if request.method == "POST" else 0.0
    return _refused(request, wait) if wait else None


@public
def _refused(request: HttpRequest, wait: float) -> HttpResponse:
    answer = render(request, "often.html", status=429)
    answer["Retry-After"] = str(math.ceil(wait))
    return answer
