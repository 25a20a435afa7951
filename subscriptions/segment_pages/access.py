"""Who may do what with segments, and what every one of their pages is given."""

from config.access import Access, is_script, person

_SEGMENTS = Access("subscriptions.{}_segment")
may, require, is_allowed, context = _SEGMENTS.may, _SEGMENTS.require, _SEGMENTS.is_allowed, _SEGMENTS.context

__all__ = ["context", "is_allowed", "is_script", "may", "person", "require"]
