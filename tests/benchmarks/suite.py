"""The benchmarks by name, and one of them measured on the database of this process; figures come as JSON lines."""

import os
import sys
from importlib import import_module

import django

# Each is a module beside this one with a verb `measure(database, quick)`; its first line says what it is about.
NAMES = (
    "history",
    "woocommerce_history",
    "applying",
    "webhook",
    "bulk_api",
    "contact_page",
    "segments",
    "engines",
    "automations",
    "enrolment",
    "journeys",
    "emails",
    "mailings",
    "business",
    "reports_performance",
    "reports_custom",
    "side_by_side",
    "growth",
    "many",
    "long_run",
    "sizes",
)


def main(name: str) -> None:
    """Prepare the database, and measure one of them."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    measure = import_module(f"tests.benchmarks.{name}").measure
    measure(connection.vendor, os.environ.get("QUICK", "") not in ("", "0"))


if __name__ == "__main__":
    main(sys.argv[1])
