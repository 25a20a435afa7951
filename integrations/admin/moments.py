"""Moments in the admin's lists."""

from collections.abc import Callable
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString

from subscriptions import display


def shown(moment: datetime, words: Callable[[datetime], str]) -> SafeString:
    """Write a moment in words, and exactly on hover."""
    return format_html(
        '<time class="rt-nowrap" datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        display.exact(moment),
        words(moment),
    )
