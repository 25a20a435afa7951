"""What people add, change and delete in the admin goes to the audit log."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.audit.log import record


class Audited:
    """A mixin for an admin's model: records whatever is done to it there.

    `audit_actions` names the acts by other codes where the usual ones say too little.
    """

    audit_actions: Mapping[str, str] = {}

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Record that something was added."""
        record(self._code("added"), about=obj, request=request)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Record which fields were changed, by their names only; saving without a change is no act."""
        if message:
            record(self._code("changed"), about=obj, request=request, fields=_changed(message))
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Record each thing that is about to be deleted."""
        for obj in queryset:
            record(self._code("deleted"), about=obj, request=request)
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    @transaction.atomic
    def response_action(self, request: HttpRequest, queryset: Any, **options: Any) -> HttpResponseBase | None:
        """Do to the chosen rows what was chosen, and record it, both or neither."""
        answer: HttpResponseBase | None = super().response_action(request, queryset, **options)  # type: ignore[misc]
        return answer

    def _code(self, act: str) -> str:
        return self.audit_actions.get(act, act)


def _changed(message: list[dict[str, Any]] | str) -> list[str]:
    if isinstance(message, str):  # words of a view of ours, which name no field
        return []
    return [name for part in message for name in part.get("changed", {}).get("fields", [])]
