"""manage.py receive_email: takes in one e-mail from standard input, for a mail server that hands over what comes back.

Its exit codes are those of sysexits: 67 for an address of nobody, 75 for what should be tried again.
"""

import sys
from argparse import ArgumentParser
from email import policy
from email.parser import BytesParser
from smtplib import SMTPException
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error

from automations.email.receiving import taking

NO_USER, TRY_AGAIN, TOO_LARGE = 67, 75, 69
MOST_BYTES = 30 * 1024 * 1024


class Command(BaseCommand):
    """Read an e-mail and take it in."""

    help = "Take in an e-mail that has come back, from standard input: an answer, a bounce or a complaint."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the addresses that it came to."""
        parser.add_argument("recipients", nargs="*", help="the addresses that it came to, where they are known")

    def handle(self, *_: Any, recipients: list[str], **__: Any) -> None:
        """Take it in, and end as the mail server expects it."""
        told = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(told) > MOST_BYTES:
            self.stderr.write("It is larger than 30 MB.")
            sys.exit(TOO_LARGE)
        message = BytesParser(policy=policy.default).parsebytes(told)
        try:
            is_ours = taking.take(message, recipients)
        except (Error, OSError, SMTPException) as error:
            self.stderr.write(f"It cannot be taken in just now: {type(error).__name__}")
            sys.exit(TRY_AGAIN)
        if not is_ours:
            self.stderr.write("There is no such address here.")
            sys.exit(NO_USER)
