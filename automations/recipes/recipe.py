"""What a recipe is: an automation ready to be taken, with what somebody wants to know before they take it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, Any] = {
    "welcome": _("Welcome"),
    "payments": _("Payments"),
    "retention": _("Keep and win back"),
    "thanks": _("Thanks and more"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One recipe; `flow` writes its draft, whose e-mails are in the account's language and in all others.

    `why` says what it is good for, `happens` what it does, `adapt` what somebody may want to change, and `stores` which
    of them tell what it needs.
    """

    key: str
    group: str
    icon: str
    title: Any
    summary: Any
    why: Any
    happens: Any
    adapt: Any
    stores: Any
    flow: Callable[[], dict[str, Any]]
