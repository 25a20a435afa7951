"""The rest of an address, whatever it holds: the ids of stores have slashes, and strangers send line feeds."""

from django.urls.converters import StringConverter


class AnyPath(StringConverter):
    """Takes what `path` takes, and ends of lines too."""

    regex = r"(?s:.+)"
