"""One hit, an open or a click, as it stands on a line of the spool; and whether a program did it, not a person."""

import json
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from automations.models import Engagement

OPENED, CLICKED = Engagement.Kind.OPENED, Engagement.Kind.CLICKED
# No person opens an e-mail, or follows a link in it, so soon after it was sent.
AT_ONCE = timedelta(seconds=2)
# What says of itself that it is a program: guards of mailboxes, robots, and Apple's mail, which loads all pictures
# beforehand. Google's and Yahoo's load a picture when somebody opens the e-mail, and are not among them.
_MACHINE = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scan|monitor|curl|wget|python|java/|go-http|okhttp|headless|phantom"
    r"|barracuda|mimecast|proofpoint|safelinks|urldefense|symantec|forcepoint|trendmicro|fireeye|^mozilla/5\.0$|^$",
    re.IGNORECASE,
)
_PREFETCH = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A message's number and what was done with it; `number` of the hit makes two of the same moment two."""

    message: uuid.UUID
    kind: str
    is_machine: bool = False
    target: str = ""
    at: float = field(default_factory=time.time)
    number: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def moment(self) -> datetime:
        """When it was."""
        return datetime.fromtimestamp(self.at, UTC)

    def line(self) -> bytes:
        """Write it as a line."""
        told = [self.message.hex, self.kind, self.is_machine, self.target, self.at, self.number.hex]
        return json.dumps(told).encode() + b"\n"


def read(line: bytes) -> Hit | None:
    """Read a line; None for one that was cut off by a crash, of which nothing was answered."""
    try:
        message, kind, is_machine, target, at, number = json.loads(line)
        return Hit(
            message=uuid.UUID(message),
            kind=kind,
            is_machine=is_machine,
            target=target,
            at=at,
            number=uuid.UUID(number),
        )
    except (ValueError, TypeError):
        return None


def is_machine(meta: Mapping[str, str]) -> bool:
    """Tell by what a request says of itself, as WSGI names its headers, whether a program made it."""
    if any("prefetch" in meta[name].lower() for name in _PREFETCH if name in meta):
        return True
    return bool(_MACHINE.search(meta.get("HTTP_USER_AGENT", "").strip()))
