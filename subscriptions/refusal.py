"""Why nothing was saved of what somebody built, as the builders' script and their plain forms show it."""

from dataclasses import dataclass, field

from django.http import JsonResponse


@dataclass(slots=True, kw_only=True)
class Refusal:
    """What is wrong in what was built, by path, and in other fields, by name; `stale` says who saved meanwhile."""

    status: int = 422
    errors: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    stale: str = ""

    def to_script(self, *, revision: int) -> JsonResponse:
        """Answer the script; `revision` is that of what is saved, 0 where nothing is."""
        told = {"errors": self.errors, "fields": self.fields, "stale": self.stale, "revision": revision}
        return JsonResponse(told, status=self.status)
