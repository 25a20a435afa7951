"""The pages on how the recurring payments are doing."""

from collections.abc import Callable

from django.http import HttpResponse

PAGES: dict[str, tuple[Callable[..., HttpResponse], str]] = {}
