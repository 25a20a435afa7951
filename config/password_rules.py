"""Passwords that anybody would try here first: those that are made of this product's, this site's or a role's name."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from config.roles import ROLES

# Shorter names are parts of too many words.
_SHORTEST = 4
_ORDINARY = ("com", "net", "org", "www", "localhost")


class NoNameOfOurs:
    """Refuses a password in which little is left once the names of this place are taken out of it."""

    # what must be left beside such names
    least = 8

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that is hardly more than such a name."""
        left = password.casefold()
        for name in names():
            left = left.replace(name, "")
        if left != password.casefold() and len(left) < self.least:
            raise ValidationError(self.get_help_text(), code="password_is_a_name_of_ours")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return _("Your password can’t be little more than the name of this product, of this site or of a role.")


def names() -> list[str]:
    """Return the names that are looked for, the longest first."""
    host = (urlsplit(settings.PUBLIC_URL).hostname or "").split(".")
    found = {"ritournelle", "password", *host, *(role.casefold() for role in ROLES)}
    return sorted((name for name in found - {*_ORDINARY} if len(name) >= _SHORTEST), key=len, reverse=True)
