"""Names of what people save, such as segments and reports: of two that differ in their capitals alone there is one."""

from typing import Any

from django.db import models
from django.utils.translation import gettext

# What “(copy)” and its number need at the most, in any language.
_ROOM = 20


def is_taken(model: type[models.Model], name: str, *, beside: models.Model | None = None) -> bool:
    """Tell whether another row has that `name`."""
    taken = model._default_manager.filter(name__iexact=name)
    return (taken.exclude(pk=beside.pk) if beside else taken).exists()


def of_copy(model: type[models.Model], name: str) -> str:
    """Return what a copy is called, in the reader's language, whether or not there is one of that name."""
    field: Any = model._meta.get_field("name")
    return gettext("%(name)s (copy)") % {"name": name[: field.max_length - _ROOM]}


def free_for_copy(model: type[models.Model], name: str) -> str:
    """Return the first name for a copy that no row has: with a number, where there are several."""
    stem = of_copy(model, name)
    found = model._default_manager.filter(name__istartswith=stem).values_list("name", flat=True)
    names = {one.lower() for one in found}
    numbered = (f"{stem} {number}" for number in range(2, len(names) + 3))
    return next(one for one in (stem, *numbered) if one.lower() not in names)
