"""People, tags and lists in the admin."""

from contacts.admin import lists, people, tags

__all__ = ["lists", "people", "tags"]
