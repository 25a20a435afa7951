"""One call of the API: who asks, in which version, with which parameters."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox import brackets
from integrations.sandbox.stripe.eras import Era, era_of
from integrations.sandbox.stripe.errors import StripeError, plain
from integrations.sandbox.stripe.events import Source
from integrations.sandbox.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in; `params` are those of the query and of the form together."""

    request: Request
    id: str
    version: str
    era: Era
    params: dict[str, Any]

    @property
    def source(self) -> Source:
        """What events of this call name as their cause."""
        return Source(id=self.id, idempotency_key=self.request.headers.get("idempotency-key"))

    @property
    def expand(self) -> list[str]:
        """The paths to expand. Raises StripeError."""
        paths = self.params.get("expand", [])
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise StripeError(400, "Invalid array", param="expand")
        return paths


def read(request: Request, *, id_: str, version: str) -> Call:
    """Read the version and the parameters of a request. Raises StripeError."""
    asked = request.headers.get("stripe-version") or version
    try:
        body = request.body.decode() if request.method == "POST" else ""
        params = brackets.decode(request.query) | brackets.decode(body)
    except ValueError as error:
        raise StripeError(400, f"Invalid request: {error}") from error
    return Call(request=request, id=id_, version=asked, era=era_of(asked), params=params)


def check_key(request: Request, key: str) -> None:
    """Let in whoever shows the key, as bearer or as the user name of Basic. Raises StripeError."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if not shown:
        raise StripeError(401, "You did not provide an API key in the Authorization header.")
    read_key = _KEY_FROM.get(scheme.lower())
    if read_key is None or read_key(shown.strip()) != key:
        raise plain(401)


def _from_basic(shown: str) -> str:
    try:
        return base64.b64decode(shown, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


_KEY_FROM: dict[str, Callable[[str], str]] = {"bearer": str, "basic": _from_basic}
