"""Where stores knock: verify the raw bytes, keep them, answer; everything else happens afterwards."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integrations import bell, inbox
from integrations.models import Connection
from integrations.providers import PROVIDERS
from integrations.providers.base import BadDelivery

_ANSWER = inline_serializer("WebhookAnswer", {"received": serializers.BooleanField()})
_ERROR = inline_serializer("WebhookError", {"detail": serializers.CharField()})


class WebhookView(APIView):
    """Receive a store's webhook at the address that its connection shows."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    @extend_schema(
        operation_id="receive_webhook",
        summary="Receive an event from a store",
        description="The body is the store's own event; its signature is verified over the raw bytes.",
        parameters=[
            OpenApiParameter("provider", str, OpenApiParameter.PATH, enum=list(PROVIDERS)),
            OpenApiParameter("token", str, OpenApiParameter.PATH, description="The connection's unguessable token."),
            OpenApiParameter("Stripe-Signature", str, OpenApiParameter.HEADER),
        ],
        request={"application/json": OpenApiTypes.OBJECT},
        responses={200: _ANSWER, 400: _ERROR, 404: _ERROR, 413: _ERROR},
        auth=[],
    )
    def post(self, request: Request, provider: str, token: str, **_: Any) -> Response:
        """Keep a verified event and answer 200; 400 for a bad signature or body, 404, or 413 for a huge one."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.WEBHOOK_MAX_BYTES:
            return _refusal("The body is larger than this address takes.", 413)
        connection = Connection.objects.filter(token=token, store__provider=provider).select_related("store").first()
        if connection is None:
            return _refusal("There is no such webhook address.", 404)
        body = request._request.body  # the raw bytes, before any parser
        try:
            incoming = PROVIDERS[provider].verify(connection, body, request.headers)
        except BadDelivery as error:
            return _refusal(str(error), 400)
        inbox.store(connection, incoming, body)
        bell.ring()
        return Response({"received": True})


def _refusal(detail: str, status: int) -> Response:
    return Response({"detail": detail}, status=status)
