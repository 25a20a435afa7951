"""All benchmarks on the one database of this process; each prints its figures as JSON lines."""

import os
import sys
from collections.abc import Callable

import django


def main() -> None:
    """Prepare the database and measure."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.benchmarks import (
        applying,
        automations,
        bulk_api,
        business,
        contact_page,
        emails,
        history,
        journeys,
        mailings,
        many,
        reports_custom,
        reports_performance,
        segments,
        sizes,
        webhook,
        woocommerce_history,
    )

    suite: dict[str, Callable[[str, bool], None]] = {
        "history": history.measure,
        "woocommerce_history": woocommerce_history.measure,
        "applying": applying.measure,
        "webhook": webhook.measure,
        "bulk_api": bulk_api.measure,
        "contact_page": contact_page.measure,
        "segments": segments.measure,
        "automations": automations.measure,
        "journeys": journeys.measure,
        "emails": emails.measure,
        "mailings": mailings.measure,
        "many": many.measure,
        "sizes": sizes.measure,
        "business": business.measure,
        "reports_performance": reports_performance.measure,
        "reports_custom": reports_custom.measure,
    }
    only = os.environ.get("ONLY", "")
    if only and only not in suite:
        sys.exit(f"ONLY must be one of {', '.join(suite)}.")
    call_command("migrate", verbosity=0)
    for name, measure in suite.items():
        if only in ("", name):
            measure(connection.vendor, os.environ.get("QUICK", "") not in ("", "0"))


if __name__ == "__main__":
    main()
