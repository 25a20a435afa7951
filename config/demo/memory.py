"""What a demo keeps from one start to the next, in demo.json: its secrets, its password and its ports."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from config.demo import ports

SHOPS = ("stripe", "paypal", "woocommerce", "api")
PAGES = (*SHOPS, "mail")  # each has a port of its own
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


@dataclass(slots=True, kw_only=True)
class Memory:
    """All of it; the stores' secrets in the database are lost with the encryption keys."""

    secret_key: str
    encryption_keys: str
    password: str
    ports: dict[str, int]


def recall(path: Path, *, password: str = "", taken: int) -> Memory:
    """Read the memory, or make one up; a given password is the new one, and a shop's port that is in use changes."""
    memory = Memory(**_current(json.loads(path.read_text()))) if path.exists() else _made_up()
    memory.password = password or memory.password
    memory.ports = _usable(memory.ports, taken)
    _keep(path, memory)
    return memory


def _current(kept: dict[str, Any]) -> dict[str, Any]:
    """Bring what an older demo kept, whose only shop was Stripe's, to today's form."""
    if "shop_port" not in kept:
        return kept
    return {name: value for name, value in kept.items() if name != "shop_port"} | {
        "ports": {"stripe": kept["shop_port"]}
    }


def _usable(known: dict[str, int], taken: int) -> dict[str, int]:
    """Give each shop and the mailbox its port, or a new one where that is in use or another's."""
    given: dict[str, int] = {}
    for shop in PAGES:
        port = known.get(shop, taken)
        while port == taken or port in given.values() or not ports.is_free(port):
            port = ports.any_free()
        given[shop] = port
    return given


def _made_up() -> Memory:
    return Memory(
        secret_key=secrets.token_urlsafe(48),
        encryption_keys=Fernet.generate_key().decode(),
        password="-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)),
        ports={},
    )


def _keep(path: Path, memory: Memory) -> None:
    """Write the file whole or not at all, and for its owner's eyes only from its first byte on."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(memory), file, indent=2)
    new.replace(path)
