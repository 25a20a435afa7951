"""`manage.py translations update|compile|check`: our French without GNU gettext."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import proofreading, translations


class Command(BaseCommand):
    """Keeps the French in step with the sources."""

    help = "update: collect new texts; compile: write what Django reads; check: name all that is missing or wrong."
    requires_system_checks = ()  # it mends what they would complain about

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb."""
        parser.add_argument("verb", choices=["update", "compile", "check"])

    def handle(self, *_args: Any, verb: str, **_options: Any) -> None:
        """Do what the verb says."""
        {"update": self._update, "compile": self._compile, "check": self._check}[verb]()

    def _update(self) -> None:
        self.stdout.write(f"{translations.update()} texts lack their translation in {translations.PO}")

    def _compile(self) -> None:
        written = translations.compile_stale()
        self.stdout.write("Translations compiled." if written else "Translations were up to date.")

    def _check(self) -> None:
        problems = list(proofreading.problems())
        if problems:
            advice = "Run `manage.py translations update`, then translate what is empty."
            raise CommandError("\n".join((*problems, f"{len(problems)} problems in {translations.PO}. {advice}")))
        self.stdout.write("Translations are complete.")
