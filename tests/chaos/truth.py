"""The shops' truth: an empty database into which their whole history is read now, by the same code, written as a file.

python -m tests.chaos.truth FILE SHOP=ADDRESS ...
"""

import json
import sys
from pathlib import Path
from typing import Any

type Truth = dict[str, dict[str, dict[str, Any]]]


def read(shops: dict[str, str]) -> Truth:
    """Connect shops, read their history to its end, and return what is stored: shop, payment, field, value."""
    from integrations import connecting
    from integrations.demo_stores import CREDENTIALS, NAMES
    from integrations.providers import PROVIDERS
    from tests.integrations.states import sync

    found: Truth = {}
    for kind, address in shops.items():
        known = connecting.Credentials(livemode=False, api_address=address, may_be_private=True, **CREDENTIALS[kind])
        connection, _is_new = connecting.connect(kind, name=NAMES[kind], credentials=known)
        if probe := PROVIDERS[kind].probe:
            probe(connection)
        done = sync(connection)
        if done.state != "finished" or done.failed:
            raise SystemExit(f"The history of {kind} cannot be read: {done.state} {done.problem} {done.failed} failed")
        found[kind] = told(connection)
    return found


def told(connection: Any) -> dict[str, dict[str, Any]]:
    """Return the fields that an answer of today tells of each payment of a connection, as JSON has them."""
    from subscriptions.catalogue import BY_NAME
    from tests.integrations.states import comparable, stored

    return {
        payment: {name: BY_NAME[name].kind.dump(value) for name, value in row.items() if name != "legacy_connection_id"}
        for payment, row in comparable(stored(connection)).items()
    }


if __name__ == "__main__":
    import django

    django.setup()
    file, *shops = sys.argv[1:]
    truth = read(dict(one.split("=", 1) for one in shops))
    Path(file).write_text(json.dumps(truth))
