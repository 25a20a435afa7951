"""Where stores knock: verify the raw bytes, keep them, answer; everything else happens afterwards."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.metrics import counters
from integrations import bell, inbox
from integrations.models import Connection
from integrations.providers import PROVIDERS, SENDERS
from integrations.providers.base import BadDelivery

logger = logging.getLogger(__name__)

_RECEIVED = b'{"received": true}'
_MISSED = b'{"received": false}'
_ANSWER = inline_serializer("WebhookAnswer", {"received": serializers.BooleanField()})
_ERROR = inline_serializer("WebhookError", {"detail": serializers.CharField()})


class AlwaysJson(BaseContentNegotiation):
    """Answer in JSON whatever the store says it accepts; stores read the status only."""

    def select_parser(self, request: Request, parsers: Sequence[BaseParser]) -> BaseParser | None:  # type: ignore[override]
        """Parse nothing: the raw bytes are what is signed."""
        return None

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Take the first renderer."""
        return renderers[0], str(renderers[0].media_type)


class WebhookView(APIView):
    """Receive a store's webhook at the address that its connection shows."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    content_negotiation_class = AlwaysJson

    @extend_schema(
        operation_id="receive_webhook",
        summary="Receive an event from a store",
        description="The body is the store's own event; its signature is verified over the raw bytes.",
        parameters=[
            OpenApiParameter("provider", str, OpenApiParameter.PATH, enum=list(SENDERS)),
            OpenApiParameter("token", str, OpenApiParameter.PATH, description="The connection's unguessable token."),
            OpenApiParameter("Stripe-Signature", str, OpenApiParameter.HEADER),
        ],
        request={"application/json": OpenApiTypes.OBJECT},
        responses={200: _ANSWER, 400: _ERROR, 404: _ERROR, 413: _ERROR},
        auth=[],
    )
    def post(self, request: Request, provider: str, token: str, **_: Any) -> HttpResponseBase:
        """Keep a verified event and answer 200; 400 for a bad signature or body, 404, or 413 for a huge one."""
        kind = provider if provider in PROVIDERS else "unknown"
        try:
            answer = self._received(request, provider, token)
        except Exception:
            counters.webhook(kind, 500)
            status = PROVIDERS[provider].status_of_our_faults if provider in PROVIDERS else 500
            if status >= 500:
                raise
            logger.exception("A webhook of %s could not be kept; the next comparison brings it", provider)
            return HttpResponse(_MISSED, status=status, content_type="application/json")
        counters.webhook(kind, answer.status_code)
        return answer

    def _received(self, request: Request, provider: str, token: str) -> HttpResponseBase:
        length = _announced_length(request)
        if length < 0:
            return _refusal("The Content-Length is no length.", 400)
        if length > settings.WEBHOOK_MAX_BYTES:
            return _refusal("The body is larger than this address takes.", 413)
        connection = Connection.at(provider, token)
        verify = PROVIDERS[provider].verify if connection else None
        if connection is None or verify is None:
            return _refusal("There is no such webhook address.", 404)
        body = request._request.body  # the raw bytes, before any parser
        try:
            incoming = verify(connection, body, request.headers)
        except BadDelivery as error:
            return _refusal(str(error), 400)
        if incoming is not None:
            inbox.store(connection, incoming, body)
            bell.ring()
        return HttpResponse(_RECEIVED, content_type="application/json")


def _announced_length(request: Request) -> int:
    """Return how long the request says its body is; -1 where that is no length."""
    try:
        return max(int(request.META.get("CONTENT_LENGTH") or 0), -1)
    except ValueError:
        return -1


def _refusal(detail: str, status: int) -> Response:
    return Response({"detail": detail}, status=status)
