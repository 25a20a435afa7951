"""The demo's connections: to stores that we ask and hear, and to the one that writes by itself."""

import os
from pathlib import Path
from typing import Any

from integrations import bell, history
from integrations.api import keys
from integrations.connecting import Credentials, connect, set_up
from integrations.demo_people import put_newcomers_on_a_list
from integrations.models import ApiKey, Connection
from integrations.providers import history_of
from integrations.providers.api_store import API

# What each pretend store is called here, and whom it lets in.
NAMES = {"stripe": "Pretend Stripe shop", "paypal": "Pretend PayPal account", "woocommerce": "Pretend WooCommerce shop"}
OWN = "Pretend store with a plugin"
CREDENTIALS: dict[str, dict[str, Any]] = {
    "stripe": {"api_key": "rk_test_51PretendKeyOfTheSandbox"},
    "paypal": {"client_id": "sandbox-client", "api_key": "sandbox-secret"},
    "woocommerce": {"client_id": "ck_" + "5a" * 20, "api_key": "cs_" + "c3" * 20},
}


def connect_store(kind: str, address: str) -> Connection:
    """Connect a pretend store and set our webhook up there; a second time changes nothing. Raise ProviderError."""
    known = Credentials(livemode=False, api_address=address, may_be_private=True, **CREDENTIALS[kind])
    connection, is_new = connect(kind, name=NAMES[kind], credentials=known)
    if is_new:
        put_newcomers_on_a_list(connection)
    set_up(connection)
    return connection


def read_history(connection: Connection) -> None:
    """Begin to read the history of a store that has one, once."""
    if history_of(connection) and not connection.syncs.exists():
        bell.ring_for_sync(history.start(connection))


def connect_own(key_file: Path) -> Connection:
    """Connect the store that writes by itself; its key goes into a file, unless the one there is good still."""
    connection, _ = connect(API.name, name=OWN, credentials=Credentials())
    key = _kept(key_file)
    if key is None or key.connection_id != connection.pk:
        _, secret = keys.issue(connection, name="Plugin")
        _keep(key_file, secret)
    return connection


def _kept(file: Path) -> ApiKey | None:
    return keys.find(file.read_text().strip()) if file.exists() else None


def _keep(file: Path, secret: str) -> None:
    """Write the key for its owner's eyes only from its first byte on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(secret)
