"""Pages for people who are not of the team: nothing runs on them, and nothing is loaded from elsewhere."""

from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

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
