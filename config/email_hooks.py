"""The addresses at which an e-mail provider tells of bounces and answers: anymail's, where nonsense is refused.

anymail takes for granted that who knows the password also writes what the provider documents; over anything else it
fails. What the database or the mail server cannot take just now goes on failing, so that the provider tells it again.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from anymail import urls
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger(__name__)

type View = Callable[..., HttpResponse]
# What reading something raises that is of another shape than was expected.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def _refusing(view: View) -> View:
    """Answer 400 to what cannot be read."""

    @csrf_exempt  # as anymail's own are: the password is asked for
    @wraps(view)
    def refusing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except _UNREADABLE as error:
            logger.warning("What an e-mail provider told cannot be read", exc_info=True)
            raise BadRequest("This cannot be read.") from error

    return refusing


app_name = urls.app_name
urlpatterns = [
    URLPattern(one.pattern, _refusing(one.callback), one.default_args, one.name)
    for one in urls.urlpatterns
    if isinstance(one, URLPattern)
]
