"""What a demo keeps from one start to the next, in demo.json: its secrets, its password and its shop's port."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from config.demo import ports

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


@dataclass(slots=True, kw_only=True)
class Memory:
    """All of it; the stores' secrets in the database are lost with the encryption keys."""

    secret_key: str
    encryption_keys: str
    password: str
    shop_port: int


def recall(path: Path, *, password: str = "", taken: int) -> Memory:
    """Read the memory, or make one up; a given password is the new one, and a shop's port that is in use changes."""
    memory = Memory(**json.loads(path.read_text())) if path.exists() else _made_up()
    memory.password = password or memory.password
    if memory.shop_port == taken or not ports.is_free(memory.shop_port):
        memory.shop_port = ports.any_free()
    _keep(path, memory)
    return memory


def _made_up() -> Memory:
    return Memory(
        secret_key=secrets.token_urlsafe(48),
        encryption_keys=Fernet.generate_key().decode(),
        password="-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)),
        shop_port=ports.any_free(),
    )


def _keep(path: Path, memory: Memory) -> None:
    """Write the file whole or not at all, and for its owner's eyes only from its first byte on."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(memory), file, indent=2)
    new.replace(path)
