"""Finding rows by what somebody types of them, whatever the case."""

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.text import smart_split, unescape_string_literal

# Nothing longer is looked for.
_LONGEST = 200


def typed(told: QueryDict, name: str = "q") -> str:
    """Return what somebody typed to look for, without what no database takes."""
    return told.get(name, "").replace("\0", "").strip()[:_LONGEST]


def contains(text: str, *names: str) -> Q:
    """Ask whether a text is in any of the fields.

    SQLite folds the case of ASCII letters only; of a text with others, such as “échec”, the usual spellings are asked.
    """
    spellings = [text]
    if connection.vendor == "sqlite" and not text.isascii():
        spellings += [text.lower(), text.upper(), text.capitalize(), text.title()]
    found = Q(pk__in=[])
    for name in names:
        for spelling in dict.fromkeys(spellings):
            found |= Q(**{f"{name}__icontains": spelling})
    return found


class AnyCase:
    """A list of the admin in which each word that is typed is looked for in this way; a phrase may stand in quotes."""

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """Return the rows that contain all of it, and that none of them comes twice."""
        for word in smart_split(search_term):
            text = unescape_string_literal(word) if word[0] in "\"'" and word[0] == word[-1] else word
            queryset = queryset.filter(contains(text, *self.get_search_fields(request)))  # type: ignore[attr-defined]
        return queryset, False
