"""Telling what has come back: a person's answer, a mail server's report, a complaint, or a machine that answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage, Message
from enum import Enum, auto

from automations.email.receiving import heads

_MACHINE = {
    "precedence": {"bulk", "junk", "list", "auto_reply"},
    "x-autoreply": {"yes"},
    "x-auto-response-suppress": {"all", "oof"},
}


class Kind(Enum):
    """What it is; a `DELAYED` report says that somebody still tries."""

    ANSWER = auto()
    MACHINE = auto()
    BOUNCED = auto()
    REFUSED_FOR_NOW = auto()
    DELAYED = auto()
    COMPLAINT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What has come back; of a bounce, `detail` is what the mail server said."""

    kind: Kind
    detail: str = ""


def read(message: EmailMessage) -> Returned:
    """Tell what it is, by what RFC 3464, 5965 and 3834 say that it says of itself."""
    report = heads.report_type(message) if heads.content_type(message) == "multipart/report" else ""
    if report == "delivery-status":
        return _of_status(message)
    if report == "feedback-report":
        return Returned(kind=Kind.COMPLAINT, detail=_feedback(message))
    return Returned(kind=Kind.MACHINE if _is_by_machine(message) else Kind.ANSWER)


def _of_status(message: EmailMessage) -> Returned:
    """Read the first recipient's part of a delivery status; without one it cannot be known."""
    for group in _groups(message, "message/delivery-status"):
        if heads.text(group, "Action"):
            return _of_recipient(group)
    return Returned(kind=Kind.DELAYED)


def _of_recipient(group: Message) -> Returned:
    action, status = heads.text(group, "Action").lower(), heads.text(group, "Status")
    said = heads.text(group, "Diagnostic-Code").partition(";")[2].strip() or status
    detail = " ".join(said.split())[:300]
    if action != "failed":
        return Returned(kind=Kind.DELAYED, detail=detail)
    return Returned(kind=Kind.REFUSED_FOR_NOW if status.startswith("4") else Kind.BOUNCED, detail=detail)


def _feedback(message: EmailMessage) -> str:
    told = (heads.text(group, "Feedback-Type") for group in _groups(message, "message/feedback-report"))
    return next(filter(None, told), "")[:100]


def _groups(message: EmailMessage, kind: str) -> Iterator[Message]:
    """Return the groups of headers in the part of a report that is written for machines."""
    for part in message.walk():
        if heads.content_type(part) == kind:
            payload = part.get_payload()
            yield from (one for one in payload if isinstance(one, Message)) if isinstance(payload, list) else ()
            if isinstance(payload, str):  # of a kind that the library does not take apart
                yield message_from_string(payload.strip())


def _is_by_machine(message: EmailMessage) -> bool:
    """Tell answers of absence and the like from those that a person has written."""
    submitted = heads.text(message, "Auto-Submitted", "no").lower()
    if not submitted.startswith("no") or heads.text(message, "X-Autorespond") or heads.text(message, "List-Id"):
        return True
    if heads.text(message, "Return-Path", "x") == "<>":
        return True
    return any(heads.text(message, name).lower() in words for name, words in _MACHINE.items())
