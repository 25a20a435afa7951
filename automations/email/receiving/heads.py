"""What the headers of a message say that a stranger has written, as text that can be kept.

Python's mail library raises errors of many kinds over headers that no standard knows; such a header says nothing here.
"""

from email import policy
from email.message import EmailMessage, Message

from config.api.showing import showable

_LONGEST = 2000
_AS_IT_CAME = policy.default.clone(refold_source="none", verify_generated_headers=False)


def text(message: Message, name: str, default: str = "") -> str:
    """Return what a header says; the default where there is none, and nothing where it cannot be read."""
    try:
        return showable(str(message.get(name, default)), _LONGEST).strip()
    except Exception:  # see above
        return ""


def every(message: Message, name: str) -> list[str]:
    """Return what each header of a name says."""
    try:
        return [showable(str(value), _LONGEST) for value in message.get_all(name, [])]
    except Exception:  # see above
        return []


def content_type(message: Message) -> str:
    """Return which type the message says that it has; nothing where that cannot be read."""
    try:
        return message.get_content_type()
    except Exception:  # see above
        return ""


def report_type(message: Message) -> str:
    """Return which kind of report it says that it is."""
    try:
        return str(message.get_param("report-type", "")).lower()
    except Exception:  # see above
        return ""


def whole(message: EmailMessage) -> bytes:
    """Return the message as it came; nothing where it cannot be written again."""
    try:
        return message.as_bytes(policy=_AS_IT_CAME)
    except Exception:  # see above
        return b""
