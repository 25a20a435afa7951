"""Putting labels on automations and campaigns: made when they are first used, and gone when nothing has them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from automations.models import Automation, Campaign, Label

MOST = 20
_LONGEST = Label._meta.get_field("name").max_length or 0
type Labelled = Automation | Campaign


@transaction.atomic
def put(one: Labelled, names: Iterable[str]) -> bool:
    """Have it carry these labels and no others, and say whether that is another set; at most `MOST`, the first ones."""
    list(Label.objects.select_for_update().values_list("pk", flat=True))  # of two who do this, one is second
    wanted = _found(tidied(names))
    if set(wanted) == set(one.labels.values_list("pk", flat=True)):
        return False
    one.labels.set(wanted)
    forget_unused()
    return True


def tidied(names: Iterable[str]) -> list[str]:
    """Return names as they are kept: without outer blanks, each once whatever its case, none of them too long."""
    found: dict[str, str] = {}
    for name in names:
        kept = " ".join(name.replace("\0", "").split())[:_LONGEST].strip()
        if kept:
            found.setdefault(kept.casefold(), kept)
    return list(found.values())[:MOST]


def read(told: Any) -> list[str]:
    """Return the names in what somebody wrote, as in a file; nothing where it is no list of texts."""
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def names_of(one: Labelled) -> list[str]:
    """Return the names of its labels, by the alphabet."""
    return list(one.labels.values_list("name", flat=True))


def forget_unused() -> None:
    """Delete the labels that nothing has any more."""
    Label.objects.filter(automations=None, campaigns=None).delete()


def _found(names: list[str]) -> list[int]:
    """Return the numbers of labels, which are made where there are none of that name."""
    known = _known()
    missing = [name for name in names if name.casefold() not in known]
    if missing:
        Label.objects.bulk_create((Label(name=name) for name in missing), ignore_conflicts=True)
        known = _known()
    return [known[name.casefold()] for name in names]


def _known() -> dict[str, int]:
    return {name.casefold(): pk for name, pk in Label.objects.values_list("name", "pk")}
