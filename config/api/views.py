"""What every address of an API has in common: keys, throttles, limits of size, problems, and English.

Who knows keys, and what they may do, is named in the settings, since it belongs to no floor.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.module_loading import import_string
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.api import reading_json, refusals
from config.api.refusals import Refused
from config.api.showing import showable

MEGABYTE = 1024 * 1024


class JsonBody(BaseParser):
    """Reads a body strictly, and leaves its digest on the request for whoever must know it again."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return what the body says; raise ParseError."""
        body = stream.read()
        if parser_context:
            parser_context["request"].body_digest = sha256(body).hexdigest()
        try:
            return reading_json.read(body)
        except reading_json.NotJson as error:
            raise ParseError(str(error)) from None


class JsonAnswers(DefaultContentNegotiation):
    """Answers in JSON whatever a client says it accepts, since there is nothing else."""

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Take the first renderer."""
        return renderers[0], str(renderers[0].media_type)


class ApiView(APIView):
    """One address that programs call with a key."""

    permission_classes: Sequence[Any] = ()
    parser_classes = (JsonBody,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JsonAnswers
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    # Largest body in bytes; a larger one is refused before it is read.
    max_bytes = MEGABYTE

    # an address that anybody may call knows no keys
    has_keys = True

    def get_authenticators(self) -> list[Any]:
        """Know keys by what the settings name."""
        return [import_string(settings.API_AUTHENTICATION)()] if self.has_keys else []

    def get_throttles(self) -> list[Any]:
        """Throttle keys by what the settings name."""
        return [import_string(settings.API_THROTTLE)()] if self.has_keys else []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in English, since a program reads it."""
        with translation.override("en"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look at the announced size first of all."""
        self._check_size(request)
        super().initial(request, *args, **kwargs)

    def get_exception_handler(self) -> Any:
        """Tell every refusal as a problem."""
        return refusals.answer

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Say what is left of the key's allowance."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if allowance := getattr(request, "allowance", None):
            for name, value in allowance.headers().items():
                answer[name] = value
        answer["Cache-Control"] = "no-store"
        return answer

    def _check_size(self, request: Request) -> None:
        if "HTTP_TRANSFER_ENCODING" in request.META:  # the server tells no end of such a body
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "Send the body with its Content-Length, not in chunks.")
        text = request.META.get("CONTENT_LENGTH") or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 20):
            raise ParseError("The Content-Length is no length.")
        if int(text) > self.max_bytes:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {self.max_bytes} bytes.")


def body_object(request: Request, known: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    """Return the body, which must be an object with some of the known keys, each of its type; raise Refused."""
    told = request.data
    if not isinstance(told, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.", {"": "must be an object"})
    errors = {showable(name): "is not known" for name in told.keys() - known.keys()}
    for name, kind in known.items():
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if name in told and type(told[name]) not in kinds:
            errors[name] = f"must be {' or '.join(_WORDS[each] for each in kinds)}"
    if errors:
        raise Refused(HTTPStatus.BAD_REQUEST, "The body is not what this address takes.", errors)
    return dict(told)


def flag(request: Request, name: str) -> bool:
    """Read a parameter that is true or false; raise Refused."""
    text = request.query_params.get(name, "false")
    if text not in ("true", "false"):
        raise Refused(
            HTTPStatus.BAD_REQUEST, f"The parameter “{name}” must be true or false.", {name: "must be true or false"}
        )
    return text == "true"


_WORDS = {list: "a list", bool: "true or false", dict: "an object", str: "a text", int: "a whole number"}
