"""The API's description of itself, for stores with a key and for the team: as OpenAPI, and to be read.

It is English, like the API. The page brings no script, and so a stricter policy than the team's pages have.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.views.decorators.csp import csp_override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.api import refusals
from config.api.documentation import operation
from config.api.views import JsonAnswers
from integrations.api.access import ApiKeyAuthentication
from integrations.models import ApiKey
from subscriptions.catalogue import FIELDS

_POLICY = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
}


class HasKeyOrIsStaff(BasePermission):
    """Lets stores and the team read."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask for any valid key, or for somebody of the team."""
        return isinstance(request.auth, ApiKey) or bool(request.user.is_active and request.user.is_staff)


class SchemaView(SpectacularAPIView):
    """The schema as OpenAPI 3.1, in YAML, or in JSON if that is asked for."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = (HasKeyOrIsStaff,)

    def get_exception_handler(self) -> Any:
        """Tell every refusal as a problem."""
        return refusals.answer

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Tell a problem in JSON, in whatever form the schema was asked for."""
        if response.exception:
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)

    @operation("get_schema", "This schema", answers={200: "Schema"}, problems=(400, 404, 406))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Answer with the schema."""
        with translation.override("en"):
            return super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]


@method_decorator(csp_override(_POLICY), name="dispatch")
class DocumentationView(APIView):
    """The same, as a page."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = (HasKeyOrIsStaff,)
    content_negotiation_class = JsonAnswers
    schema = None

    def get_exception_handler(self) -> Any:
        """Tell every refusal as a problem."""
        return refusals.answer

    def get(self, request: Request) -> HttpResponse:
        """Show every operation and every field."""
        with translation.override("en"):
            schema = SchemaGenerator().get_schema(request=request, public=True)  # type: ignore[no-untyped-call]
            context = {"operations": list(_operations(schema)), "fields": FIELDS, "info": schema["info"]}
            return render(request._request, "integrations/api_documentation.html", context)


def _operations(schema: dict[str, Any]) -> Any:
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            yield {"path": path, "method": method.upper()} | told
