"""Sending an e-mail to whoever tests it, and to nobody else."""

from django.core import mail
from django.core.mail import EmailMessage

from config.posting import Verdict, post

MARK = "[Test]"


def send(message: EmailMessage, *, tester: str) -> tuple[str, str]:
    """Let the mail server have it for the tester; return what came of it, and why not, in words of the pages."""
    message.subject, message.to = f"{MARK} {message.subject}", [tester]
    mailer = mail.mailers.default
    try:
        mailer.open()
    except OSError:  # also what smtplib raises
        return "failed", "unreachable"
    try:
        answer = post(mailer, message)
    finally:
        mailer.close()
    if answer.verdict is Verdict.SENT:
        return "sent_to_you", ""
    if answer.verdict is Verdict.UNKNOWN:
        return "uncertain", ""
    return "failed", "address_refused" if answer.is_address else "refused"
