"""Reaching the mail server, and handing it one e-mail; what it says of that is certain, or not to be known."""

import logging
import smtplib
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from anymail.exceptions import (
    AnymailError,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.core import mail
from django.core.mail import EmailMessage

from config.metrics import counters

logger = logging.getLogger(__name__)

_PERMANENT = 500


class Verdict(Enum):
    """What came of handing over; `UNKNOWN` may or may not have been sent, so it is not tried again."""

    SENT = auto()
    REFUSED = auto()
    PUT_OFF = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The verdict, and whether it is the recipient's address that is refused, rather than the message."""

    verdict: Verdict
    is_address: bool = False


def reach() -> Any | None:
    """Return the mail server, open; None where it cannot be reached."""
    mailer = mail.mailers.default
    try:
        mailer.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server cannot be reached (%s)", type(error).__name__)
        return None
    return mailer


def post(mailer: Any, message: EmailMessage) -> Answer:
    """Let an open mail server have a message once; what it says for certain is believed, and silence is no yes."""
    answer = _post(mailer, message)
    counters.email(answer.verdict.name.lower())
    return answer


def _post(mailer: Any, message: EmailMessage) -> Answer:
    try:
        mailer.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        code = min((code for code, _said in refused.recipients.values()), default=0)
        return _refused(code, is_address=True)
    except smtplib.SMTPResponseException as refused:
        return _refused(refused.smtp_code, is_address=False)
    except AnymailError as refused:
        return _of_provider(refused)
    except ValueError:  # an address to which no mail server can write
        return _refused(_PERMANENT, is_address=True)
    except Exception:
        logger.exception("It is not known whether an e-mail has been sent")
        return Answer(verdict=Verdict.UNKNOWN)
    return Answer(verdict=Verdict.SENT)


def _of_provider(refused: AnymailError) -> Answer:
    """Tell what a provider's answer means: without one it is not known, and what it cannot do now it may do later."""
    if isinstance(refused, AnymailRecipientsRefused):
        return _refused(_PERMANENT, is_address=True)
    if refused.status_code is None:
        is_ours = isinstance(refused, AnymailSerializationError | AnymailUnsupportedFeature)
        return Answer(verdict=Verdict.REFUSED if is_ours else Verdict.UNKNOWN)
    later = refused.status_code in {408, 429} or refused.status_code >= _PERMANENT
    return Answer(verdict=Verdict.PUT_OFF if later else Verdict.REFUSED)


def _refused(code: int, *, is_address: bool) -> Answer:
    verdict = Verdict.REFUSED if code >= _PERMANENT else Verdict.PUT_OFF
    return Answer(verdict=verdict, is_address=is_address)
