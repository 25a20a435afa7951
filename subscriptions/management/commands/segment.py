"""manage.py segment count|members|explain FILE: whom a segment finds, and why, without a browser."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.models import Contact
from contacts.services import find_by_email
from subscriptions.segments import compiler, reading, sentences
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.reading import MOST_BYTES
from subscriptions.segments.tree import Node
from subscriptions.segments.why import Answer, why


class Command(BaseCommand):
    """Count the people of a segment, list them, or explain it."""

    help = "Count the people of a segment, list their e-mails, or say it in words and why somebody matches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("act", choices=list(_ACTS), help="what to do")
        parser.add_argument("file", help="file with the segment as JSON, or - for standard input")
        parser.add_argument("--contact", metavar="E-MAIL", help="explain: say of this person why they match, or not")

    def handle(self, *_: Any, **options: Any) -> None:
        """Read the segment and do what is asked."""
        try:
            node = reading.read_text(_text(options["file"]))
        except SegmentError as error:
            lines = (f"{path}: {words}" if path else words for path, words in error.errors.items())
            raise CommandError("\n".join(("This segment cannot be read:", *lines))) from None
        _ACTS[options["act"]](self, node, options)

    def count(self, node: Node, _options: dict[str, Any]) -> None:
        """Print how many people match."""
        self.stdout.write(str(compiler.people(node).count()))

    def members(self, node: Node, _options: dict[str, Any]) -> None:
        """Print one e-mail a line, and say beside it how many people have none."""
        silent = 0
        for email in compiler.people(node).values_list("email", flat=True).iterator(chunk_size=2000):
            if email:
                self.stdout.write(email)
            silent += not email
        if silent:
            self.stderr.write(f"{silent} without an e-mail left out.")

    def explain(self, node: Node, options: dict[str, Any]) -> None:
        """Print the segment in words, or why somebody matches."""
        self.stdout.write(sentences.sentence(node))
        if options["contact"]:
            for line in _lines(why(node, _contact(options["contact"])), indent=0):
                self.stdout.write(line)


_ACTS: dict[str, Callable[[Command, Node, dict[str, Any]], None]] = {
    "count": Command.count,
    "members": Command.members,
    "explain": Command.explain,
}


def _text(file: str) -> bytes:
    """Read no more than a segment may have, and one byte to tell that it has more."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from None


def _contact(email: str) -> Contact:
    found = list(find_by_email([email]).values())
    if not found:
        raise CommandError(f"There is nobody with the e-mail {email}.")
    return found[0]


def _lines(answer: Answer, *, indent: int) -> list[str]:
    mark = "yes" if answer.holds else "no "
    words = answer.words or answer.kind
    about = f" [{answer.about}]" if answer.about and answer.parts else ""
    saw = f" (is: {answer.saw})" if answer.saw else ""
    below = [line for part in answer.parts for line in _lines(part, indent=indent + 1)]
    return [f"{'  ' * indent}{mark} {words}{about}{saw}", *below]
