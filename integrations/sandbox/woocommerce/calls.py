"""One call of the API: who asks, for what, and the parameters read strictly."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox import brackets
from integrations.sandbox.wire import Request
from integrations.sandbox.woocommerce.errors import WooError, wrong
from integrations.sandbox.woocommerce.keys import Key

_FLAGS = {"true": True, "1": True, "false": False, "0": False, "": False}
_SPLIT = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in; `params` are those of the query, `given` those of the body."""

    request: Request
    key: Key | None
    params: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    def whole(self, name: str, usual: int, *, least: int = 0, most: int | None = None) -> int:
        """Read a whole number. Raises WooError."""
        value = self.params.get(name, str(usual))
        if not isinstance(value, str) or not value.removeprefix("-").isdecimal():
            raise wrong(name, f"{name} is not of type integer.")
        number = int(value)
        if number < least or (most is not None and number > most):
            bounds = (
                f"between {least} (inclusive) and {most} (inclusive)" if most else f"greater than or equal to {least}"
            )
            raise wrong(name, f"{name} must be {bounds}", "rest_out_of_bounds")
        return number

    def choice(self, name: str, options: Sequence[str], usual: str) -> str:
        """Read one of several words. Raises WooError."""
        value = self.params.get(name, usual)
        if value not in options:
            raise wrong(name, f"{name} is not one of {', '.join(options)}.", "rest_not_in_enum")
        return str(value)

    def flag(self, name: str) -> bool:
        """Read a yes or no. Raises WooError."""
        value = self.params.get(name, "")
        if not isinstance(value, str) or value.lower() not in _FLAGS:
            raise wrong(name, f"{name} is not of type boolean.")
        return _FLAGS[value.lower()]

    def words(self, name: str) -> list[str]:
        """Read a list, written with commas or with brackets. Raises WooError."""
        value = self.params.get(name, "")
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return value
        if not isinstance(value, str):
            raise wrong(name, f"{name} is not of type array.")
        return [word for word in _SPLIT.split(value) if word]

    def numbers(self, name: str) -> list[str]:
        """Read a list of ids. Raises WooError."""
        words = self.words(name)
        for place, word in enumerate(words):
            if not word.isdecimal():
                raise wrong(name, f"{name}[{place}] is not of type integer.")
        return words


def read_query(request: Request) -> dict[str, Any]:
    """Read the parameters of the query. Raises WooError."""
    try:
        return brackets.decode(request.query)
    except ValueError as error:
        raise WooError(400, "rest_invalid_param", str(error)) from error


def read_body(request: Request) -> dict[str, Any]:
    """Read what a body says, JSON or a form. Raises WooError."""
    if not request.body:
        return {}
    try:
        if "json" not in request.headers.get("content-type", ""):
            return brackets.decode(request.body.decode())
        given = json.loads(request.body)
    except ValueError as error:
        raise WooError(400, "rest_invalid_json", "Invalid JSON body passed.") from error
    if not isinstance(given, dict):
        raise WooError(400, "rest_invalid_json", "Invalid JSON body passed.")
    return given
