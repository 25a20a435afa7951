"""What comes back for an e-mail in the demo, an answer, a bounce or a report of spam, as mail servers hand it over."""

import subprocess
import sys
from collections.abc import Callable
from email import message_from_string, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

_MANAGE = Path(__file__).parents[2] / "manage.py"
_REPORT = """\
From: MAILER-DAEMON@mailbox.example
To: {to}
Subject: {subject}
Message-ID: {number}
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=_report"

--=_report
Content-Type: text/plain

This is a report of the pretend mailbox.

--=_report
Content-Type: message/{kind}

{told}
--=_report--
"""


def answer(one: EmailMessage, text: str) -> EmailMessage:
    """Write what its reader answers."""
    made = EmailMessage()
    made["From"], made["To"] = str(one["To"]), str(one["Reply-To"])
    made["Subject"], made["Message-ID"] = f"Re: {one['Subject']}", make_msgid(domain="mailbox.example")
    made["In-Reply-To"] = str(one["Message-ID"])
    made.set_content(text)
    return made


def bounce(one: EmailMessage, _text: str = "") -> EmailMessage:
    """Write what a mail server reports that does not know the address (RFC 3464)."""
    told = (
        f"Reporting-MTA: dns; mailbox.example\n\nFinal-Recipient: rfc822; {one['To']}\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 There is no such mailbox"
    )
    return _report(one, "Undelivered mail", "delivery-status", told)


def complaint(one: EmailMessage, _text: str = "") -> EmailMessage:
    """Write what a mailbox provider reports whose customer calls it spam (RFC 5965)."""
    told = "Feedback-Type: abuse\nUser-Agent: Pretend/1\nVersion: 1"
    return _report(one, "Complaint", "feedback-report", told)


# act -> what it is called, and what it writes
ACTS: dict[str, tuple[str, Callable[[EmailMessage, str], EmailMessage]]] = {
    "answer": ("Answer", answer),
    "bounce": ("Let it bounce", bounce),
    "complaint": ("Report as spam", complaint),
}


def hand_over(returned: EmailMessage) -> bool:
    """Give it to the product, and say whether that took it."""
    command = [sys.executable, str(_MANAGE), "receive_email", str(returned["To"])]
    return subprocess.run(command, input=returned.as_bytes(), check=False).returncode == 0  # noqa: S603 # our own


def _report(one: EmailMessage, subject: str, kind: str, told: str) -> EmailMessage:
    number = make_msgid(domain="mailbox.example")
    raw = _REPORT.format(to=one["Reply-To"], subject=subject, number=number, kind=kind, told=told)
    made = message_from_string(raw, policy=policy.default)
    assert isinstance(made, EmailMessage)  # noqa: S101 # the policy makes no other
    return made
