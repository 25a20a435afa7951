"""The forms that an option of a step or a trigger has: each reads what JSON says, and writes it again.

A form reads strictly and raises ValueError in the user's words, or Unreadable with paths. `name` says to the builder
how it is asked for, and `facts` what else the builder has to know.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from automations.email import content
from automations.flow import conditions
from automations.flow.conditions import Conditions
from automations.flow.ground import Ground
from contacts.services import email_key
from subscriptions import personalisation
from subscriptions.catalogue import BY_NAME
from subscriptions.kinds import DATE, TEXT, parse_flag, parse_text
from subscriptions.segments.leaves import no_such_list
from subscriptions.segments.values import MOST_OF_TAG, Span

MOST_OF_ADDRESS = 2000
# The longest wait is about ten years.
MOST_OF_UNIT = {"minutes": 5_000_000, "hours": 87_600, "days": 3_660, "weeks": 520, "months": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form; `read` gets the value, what is known, and the options that were read before this one."""

    name: str
    read: Callable[[Any, Ground, Mapping[str, Any]], Any]
    write: Callable[[Any], Any] = lambda value: value
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that is said of a step or a trigger; one without `default` must be said."""

    name: str
    label: Any
    form: Form
    default: Any = ...
    help: Any = ""

    @property
    def is_required(self) -> bool:
        """Whether it must be said."""
        return self.default is ...


def template(limit: int, *, lines: bool = False, may_be_blank: bool = False) -> Form:
    """Text with tags, which are checked."""

    def read(value: Any, ground: Ground, _said: Mapping[str, Any]) -> str:
        written = parse_text(value, limit) if may_be_blank else _text(value, limit, lines=lines)
        if ground.trusts:
            return written
        return personalisation.check(written, has_payment=ground.has_payment)

    return Form(name="template_lines" if lines else "template", read=read, facts={"most": limit})


def whole(least: int, most: int) -> Form:
    """A whole number from the least to the most."""

    def read(value: Any, _ground: Ground, _said: Mapping[str, Any]) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(_("must be a whole number from %(least)d to %(most)d") % {"least": least, "most": most})
        return value

    return Form(name="whole", read=read, facts={"least": least, "most": most})


def hour() -> Form:
    """An hour of the day, from 0 to 23."""
    return replace(whole(0, 23), name="hour")


def days_around(most: int) -> Form:
    """So many days after a date; before it, where the number is negative."""
    return replace(whole(-most, most), name="days_around", facts={"most": most})


def choice(choices: Mapping[str, Any]) -> Form:
    """One of several words."""

    def read(value: Any, _ground: Ground, _said: Mapping[str, Any]) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(_("must be one of: %(choices)s") % {"choices": ", ".join(choices)})
        return value

    return Form(name="choice", read=read, facts={"choices": choices})


def flag() -> Form:
    """Yes or no."""

    def read(value: Any, _ground: Ground, _said: Mapping[str, Any]) -> bool:
        return parse_flag(value)

    return Form(name="flag", read=read)


def several(choices: Mapping[str, Any]) -> Form:
    """Some of several words, in their order."""

    def read(value: Any, ground: Ground, said: Mapping[str, Any]) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise ValueError(_("must be a list"))
        chosen = {choice(choices).read(one, ground, said) for one in value}
        return tuple(one for one in choices if one in chosen)

    return Form(name="several", read=read, write=list, facts={"choices": choices})


def payment_field(*, dates_only: bool = False) -> Form:
    """A field of a recurring payment."""
    known = {name: one.label for name, one in BY_NAME.items() if one.kind is DATE or not dates_only}
    return Form(name="field", read=choice(known).read, facts={"choices": known})


def _field_value(value: Any, _ground: Ground, said: Mapping[str, Any]) -> Any:
    if "field" not in said:  # what is wrong with that has been said
        return None
    one = BY_NAME[said["field"]]
    if one.item or one.kind.name == "text_list":
        return _text(value, 1000)
    exact = Decimal(repr(value)) if isinstance(value, float) else value  # what somebody typed, as JSON writes it
    return one.kind.dump(one.parse(exact))


FIELD_VALUE = Form(name="field_value", read=_field_value)


def segment(*, of_payments: bool = False) -> Form:
    """Conditions on people, in which "this" recurring payment may be meant, or on recurring payments."""

    def read(value: Any, ground: Ground, _said: Mapping[str, Any]) -> Conditions:
        if ground.trusts:
            return Conditions(text=json.dumps(value), of_payments=of_payments)
        return conditions.read(value, of_payments=of_payments, has_this=ground.has_payment, known=ground.known)

    return Form(name="payments" if of_payments else "people", read=read, write=lambda value: value.tree)


def span() -> Form:
    """So many minutes, hours, days, weeks or months."""

    def read(value: Any, _ground: Ground, _said: Mapping[str, Any]) -> Span | None:
        if not isinstance(value, dict) or value.keys() != {"n", "unit"}:
            raise ValueError(_("must be like %(example)s") % {"example": '{"n": 3, "unit": "days"}'})
        number, unit = value["n"], value["unit"]
        if not isinstance(unit, str) or unit not in MOST_OF_UNIT:
            raise ValueError(_("must be one of: %(choices)s") % {"choices": ", ".join(MOST_OF_UNIT)})
        if type(number) is not int or not 0 < number <= MOST_OF_UNIT[unit]:
            words = _("must be a whole number from %(least)d to %(most)d")
            raise ValueError(words % {"least": 1, "most": MOST_OF_UNIT[unit]})
        return Span(n=number, unit=unit)

    return Form(name="span", read=read, write=lambda one: {"n": one.n, "unit": one.unit}, facts={"most": MOST_OF_UNIT})


def _tag(value: Any, _ground: Ground, _said: Mapping[str, Any]) -> str:
    return _text(value, MOST_OF_TAG).strip()


TAG = Form(name="tag", read=_tag)


def _list(value: Any, ground: Ground, _said: Mapping[str, Any]) -> int:
    number = _number(value)
    if not ground.trusts and number not in ground.lists:
        raise ValueError(no_such_list(number))
    return number


LIST = Form(name="list", read=_list)


def _automation(value: Any, ground: Ground, _said: Mapping[str, Any]) -> int:
    number = _number(value)
    if not ground.trusts and number not in ground.automations:
        raise ValueError(_("there is no such automation: %(number)d") % {"number": number})
    return number


AUTOMATION = Form(name="automation", read=_automation)


def _campaign(value: Any, ground: Ground, _said: Mapping[str, Any]) -> int | Mapping[str, Any]:
    """Read the number of an e-mail, or an e-mail that the flow brings along; it has to be ready to be sent."""
    if isinstance(value, dict) and not ground.trusts:
        content.read({key: told for key, told in value.items() if key != "name"}, has_payment=ground.has_payment)
        return value
    number = _number(value)
    if ground.trusts:
        return number
    if number not in ground.campaigns:
        raise ValueError(_("there is no such e-mail: %(number)d") % {"number": number})
    try:
        content.read(ground.drafts[number], has_payment=ground.has_payment)
    except content.ContentError as error:
        named = {"name": ground.campaigns[number], "words": error}
        raise ValueError(_("the e-mail “%(name)s” is not ready: %(words)s") % named) from None
    return number


CAMPAIGN = Form(name="campaign", read=_campaign)


def _colleague(value: Any, ground: Ground, _said: Mapping[str, Any]) -> str:
    address = _text(value, 254).strip()
    if not ground.trusts and address.lower() not in ground.colleagues:
        raise ValueError(_("must be the e-mail of somebody in the team, not %(address)s") % {"address": address})
    if email_key(address) is None:
        raise ValueError(_("must be an e-mail address"))
    return address


COLLEAGUE = Form(name="colleague", read=_colleague)


def _address(value: Any, _ground: Ground, _said: Mapping[str, Any]) -> str:
    address = _text(value, MOST_OF_ADDRESS).strip()
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole or any(letter.isspace() for letter in address) or "@" in parts.netloc:
        raise ValueError(_("must be an address such as https://example.com/hook"))
    return address


ADDRESS = Form(name="address", read=_address, facts={"most": MOST_OF_ADDRESS})


def _text(value: Any, limit: int, *, lines: bool = False) -> str:
    written = TEXT.parse(value, limit)
    if not written.strip():
        raise ValueError(_("must not be blank"))
    if not lines and any(letter in "\r\n" for letter in written):
        raise ValueError(_("must be on one line"))
    return str(written)


def _number(value: Any) -> int:
    if type(value) is not int or not 0 < value < 2**31:
        raise ValueError(_("must be a number"))
    return value
