"""What may be shown of what strangers send."""

import re

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def showable(text: str, longest: int = 100) -> str:
    """Repeat what we do not know, such as the name of a key, only as far as it can be shown and stored."""
    return CONTROL.sub("�", text)[:longest]
