"""Doing once what is asked twice under one `Idempotency-Key`; who remembers the answers, the settings name."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework.request import Request
from rest_framework.response import Response


def once(request: Request, perform: Callable[[], Response]) -> Response:
    """Do what a request asks, or give the answer that was given to its name before; raise Refused."""
    return cast(Response, import_string(settings.API_ONCE)(request, perform))
