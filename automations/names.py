"""Names that are free."""

from itertools import count

from automations.models import Automation, Campaign

_MOST = 190


def free_name(wanted: str, among: type[Automation] | type[Campaign] = Automation) -> str:
    """Return the name, or with the first number behind it that makes it free."""
    wanted = wanted.strip()[:_MOST] or "?"
    taken = {name.casefold() for name in among._default_manager.values_list("name", flat=True)}
    names = (wanted if number == 1 else f"{wanted} {number}" for number in count(1))
    return next(name for name in names if name.casefold() not in taken)
