"""A field of a recurring payment changes, from any or a certain value to any or a certain value."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from automations.flow.forms import FIELD_VALUE, Option, payment_field, whole
from automations.triggers.kind import TriggerKind
from automations.triggers.where import WHERE, with_conditions
from subscriptions import display
from subscriptions.catalogue import BY_NAME
from subscriptions.kinds import TEXT
from subscriptions.models import Change

# Nothing was said of it. A value of None, or of an empty text, means that the field is empty.
ANY: Any = object()
MOST_MINUTES = 30 * 24 * 60


def _starts(options: Mapping[str, Any], change: Change) -> bool:
    if change.kind != Change.Kind.UPDATED or options["field"] not in change.fields:
        return False
    before, now = change.fields[options["field"]]
    return is_value(options, "from", before) and is_value(options, "to", now)


def is_value(options: Mapping[str, Any], name: str, value: Any) -> bool:
    """Say whether a value is what is said of "from" or "to"; whatever it is, where nothing is said."""
    wanted = options[name]
    if wanted is ANY:
        return True
    if isinstance(value, list):  # of several texts any may be meant
        return any(_folded(one) == _folded(wanted) for one in value) if wanted else not value
    return bool(_folded(value) == _folded(wanted)) if wanted not in (None, "") else value in (None, "")


def _folded(value: Any) -> Any:
    """Compare texts as segments do: without regard to case and outer blanks."""
    return value.strip().casefold() if isinstance(value, str) else value


def _say(options: Mapping[str, Any]) -> str:
    words = _WORDS[(options["from"] is not ANY, options["to"] is not ANY)]
    said = str(words) % {
        "field": BY_NAME[options["field"]].label,
        "from": _value(options, "from"),
        "to": _value(options, "to"),
    }
    if minutes := options["minutes"]:
        stays = ngettext(
            "%(change)s and stays so for %(n)d minute", "%(change)s and stays so for %(n)d minutes", minutes
        )
        said = stays % {"change": said, "n": minutes}
    return with_conditions(said, options)


_WORDS = {
    (False, False): gettext_lazy("%(field)s changes"),
    (True, False): gettext_lazy("%(field)s changes from %(from)s"),
    (False, True): gettext_lazy("%(field)s changes to %(to)s"),
    (True, True): gettext_lazy("%(field)s changes from %(from)s to %(to)s"),
}


def _value(options: Mapping[str, Any], name: str) -> str:
    return "" if options[name] is ANY else value_words(options["field"], options[name])


def value_words(field: str, value: Any) -> str:
    """Say a value of a field as changes keep it."""
    one = BY_NAME[field]
    if value in (None, "", []):
        return _("empty")
    if one.kind is TEXT:
        return str(value)
    if isinstance(one.kind.empty, list):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return display.words(one, one.kind.load(value))


UPDATED = TriggerKind(
    name="updated",
    label=gettext_lazy("A recurring payment changes"),
    icon="published_with_changes",
    options=(
        Option(name="field", label=gettext_lazy("Field"), form=payment_field()),
        Option(name="from", label=gettext_lazy("From"), form=FIELD_VALUE, default=ANY),
        Option(name="to", label=gettext_lazy("To"), form=FIELD_VALUE, default=ANY),
        Option(
            name="minutes",
            label=gettext_lazy("and stays so for so many minutes"),
            form=whole(0, MOST_MINUTES),
            default=0,
        ),
        WHERE,
    ),
    say=_say,
    starts=_starts,
)
