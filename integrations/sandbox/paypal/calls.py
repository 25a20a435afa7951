"""One call of the API, with what it asks for."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from integrations.sandbox.paypal import moments
from integrations.sandbox.paypal.errors import lacking, malformed, wrong
from integrations.sandbox.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in; `base` is the address that the links of the answer lead to."""

    request: Request
    params: dict[str, str]
    base: str

    def whole(self, name: str, default: int, most: int) -> int:
        """Read a whole number from 1 on. Raises PayPalError."""
        text = self.params.get(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise wrong(name, text)
        return int(text)

    def moment(self, name: str, *, default: int | None = None) -> int:
        """Read a moment; without a default it must be given. Raises PayPalError."""
        text = self.params.get(name)
        if text is None and default is not None:
            return default
        if not text:
            raise lacking(name)
        try:
            return moments.read(text)
        except ValueError as error:
            raise wrong(name, text) from error

    def words(self, name: str) -> list[str]:
        """Read words between commas."""
        return [word for word in self.params.get(name, "").split(",") if word]

    def is_set(self, name: str) -> bool:
        """Read a yes or no. Raises PayPalError."""
        text = self.params.get(name, "false")
        if text not in ("true", "false"):
            raise wrong(name, text)
        return text == "true"

    def body(self) -> dict[str, Any]:
        """Read a JSON object; no body is an empty one. Raises PayPalError."""
        given = self.json() if self.request.body.strip() else {}
        if not isinstance(given, dict):
            raise malformed()
        return given

    def json(self) -> Any:
        """Read the body. Raises PayPalError."""
        try:
            return json.loads(self.request.body)
        except ValueError as error:
            raise malformed() from error


def read(request: Request) -> Call:
    """Read the parameters of a request."""
    host = request.headers.get("host", "127.0.0.1")
    return Call(request=request, params=dict(parse_qsl(request.query, keep_blank_values=True)), base=f"http://{host}")
