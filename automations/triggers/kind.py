"""What a kind of trigger is: what is said of it, and which changes of recurring payments it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from automations.flow.forms import Option
from subscriptions.models import Change


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TriggerKind:
    """One kind of trigger.

    `of_payments` brings a recurring payment along. `starts` says of a change whether this trigger is about it, None
    where it is about something else; conditions, in the option "where", are asked of the database afterwards. `say`
    puts it into words in the reader's language.
    """

    name: str
    label: Any
    icon: str
    options: tuple[Option, ...]
    say: Callable[[Mapping[str, Any]], str]
    of_payments: bool = True
    starts: Callable[[Mapping[str, Any], Change], bool] | None = None
