"""Pages that show an e-mail, whose pictures come from wherever they are."""

from collections.abc import Collection, Mapping
from typing import cast

from django.conf import settings
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

_OURS = cast(Mapping[str, Collection[str] | str], settings.SECURE_CSP)
with_pictures = csp_override({**_OURS, "img-src": [CSP.SELF, "data:", "https:", "http:"]})
