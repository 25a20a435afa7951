"""What an error page or an error mail tells of a request: enough to find the fault, and no secret, not even in DEBUG.

Django hides by name only what a decorator names, and in DEBUG nothing at all; a store's key lies in local variables of
many names, deep inside Django too, so none of them is shown.
"""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class WithoutSecrets(SafeExceptionReporterFilter):
    """Leaves local variables out, and whatever was typed into a field for a key, a secret or a password.

    The set-up takes a webhook's secret as its `proof`.
    """

    hidden_settings = re.compile(f"{SafeExceptionReporterFilter.hidden_settings.pattern}|PROOF", re.IGNORECASE)

    def is_active(self, request: HttpRequest | None) -> bool:
        """Hide in DEBUG too."""
        return True

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        """Show no local variables."""
        return {}.items()

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Show what was typed, cleansed by the names of the fields."""
        return (
            {} if request is None else {name: self.cleanse_setting(name, text) for name, text in request.POST.items()}
        )
