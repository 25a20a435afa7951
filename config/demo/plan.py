"""Which demo is wanted, read from the environment, and what its processes see and are."""

import fcntl
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.demo import ports

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
REPLY_DOMAIN = "reply.ritournelle.example"
MANAGE = (PYTHON, "manage.py")
# How large each pretend shop is, and after how many seconds something happens there again. PayPal tells no history, so
# there it happens faster.
SIZES = {
    "stripe": ("--subscriptions", "120", "--big-customer", "300", "--seed", "7", "--live", "20"),
    "paypal": ("--subscriptions", "80", "--seed", "11", "--live", "10"),
    "woocommerce": ("--subscriptions", "100", "--seed", "13", "--live", "25"),
    "api": ("--subscriptions", "60", "--seed", "17", "--live", "30"),
}

# Those that are asked and heard; the other one writes to us.
ASKED = ("stripe", "paypal", "woocommerce")


class Refused(Exception):
    """The demo cannot start; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person in front asks for; blank where the demo chooses."""

    port: int
    data: Path
    password: str
    redis_url: str
    email_url: str


def read(environment: Mapping[str, str]) -> Wish:
    """Read the wish, and refuse one that cannot be met before anything is started."""
    text = environment.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"PORT is no port: {text}")
    if not ports.is_free(int(text)):
        raise Refused(f"Port {text} is in use. Give another one, for example: make demo PORT={int(text) % 65535 + 1}")
    return Wish(
        port=int(text),
        data=Path(environment.get("DATA_DIR") or ROOT / "var").resolve(),
        password=environment.get("DEMO_PASSWORD", ""),
        redis_url=environment.get("REDIS_URL", ""),
        email_url=environment.get("EMAIL_URL", ""),
    )


def lock(data: Path) -> IO[str]:
    """Keep a second demo off the same data for as long as the returned file is open."""
    data.mkdir(parents=True, exist_ok=True)
    file = (data / "demo.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise Refused(f"Another demo works on {data}. Stop it, or give another DATA_DIR.") from None
    return file


def environment(
    wish: Wish, *, secret_key: str, encryption_keys: str, password: str, broker: str, mail: str
) -> dict[str, str]:
    """Return what every process sees: a production on this machine alone, with pretend shops."""
    past = ",".join(filter(None, [os.environ.get("NO_PROXY"), ports.HOST, "localhost"]))
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "0",
        "SANDBOX": "1",
        "SECRET_KEY": secret_key,
        "ENCRYPTION_KEYS": encryption_keys,
        "DEMO_PASSWORD": password,
        "DATA_DIR": str(wish.data),
        "PUBLIC_URL": f"http://{ports.HOST}:{wish.port}",
        "ALLOWED_HOSTS": f"{ports.HOST},localhost",
        "REDIS_URL": broker,
        "EMAIL_URL": mail,
        "EMAIL_FROM": os.environ.get("EMAIL_FROM") or "Ritournelle <hello@ritournelle.example>",
        # what comes back to it is handed over by the mailbox, unless e-mails go elsewhere
        "REPLY_DOMAIN": os.environ.get("REPLY_DOMAIN") or ("" if os.environ.get("EMAIL_URL") else REPLY_DOMAIN),
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": past,
        "no_proxy": past,
    }


def valkey(binary: Path, *, port: int, data: Path) -> tuple[str, ...]:
    """Return the command of a broker that keeps nothing: the queue is the database."""
    options = {"bind": ports.HOST, "port": str(port), "dir": str(data), "save": "", "loglevel": "warning"}
    return (str(binary), *(part for name, value in options.items() for part in (f"--{name}", value)))


def shop(kind: str, *, port: int, data: Path) -> tuple[str, ...]:
    """Return the command of a pretend shop that goes on living."""
    where = ("--port", str(port), "--state", str(data / f"{kind}-shop.json"))
    return (*MANAGE, "sandbox", kind, *where, *SIZES[kind])


def writer(*, port: int, data: Path, site: int) -> tuple[str, ...]:
    """Return the command of the pretend store that writes to our API by itself."""
    ours = ("--address", f"http://{ports.HOST}:{site}", "--key-file", str(key_file(data)))
    return (*shop("api", port=port, data=data), *ours)


def prepare(shops: Mapping[str, int], *, data: Path) -> tuple[str, ...]:
    """Return the command that makes the accounts and connects the shops at these ports."""
    options = {"stripe": "--shop", "paypal": "--paypal", "woocommerce": "--woocommerce"}
    addresses = (part for kind, port in shops.items() for part in (options[kind], f"http://{ports.HOST}:{port}"))
    return (*MANAGE, "prepare_demo", *addresses, "--key-file", str(key_file(data)))


def key_file(data: Path) -> Path:
    """Name the file with the key of the store that writes by itself, for its owner's eyes only."""
    return data / "api-store.key"


def mailbox(*, smtp_port: int, port: int, data: Path) -> tuple[str, ...]:
    """Return the command of the mailbox, which is a mail server and a page."""
    return (PYTHON, "-m", "config.demo.mailbox", str(smtp_port), str(port), str(data / "mail"))


def stirring(shops: Mapping[str, int]) -> tuple[str, ...]:
    """Return the command by which much happens in the shops at these ports."""
    return (PYTHON, "-m", "config.demo.stirring", *map(str, shops.values()))


def web(*, port: int) -> tuple[str, ...]:
    """Return the command of the web server."""
    size = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "3")
    return (PYTHON, "-m", "gunicorn", "config.wsgi", "--bind", f"{ports.HOST}:{port}", "--no-control-socket", *size)


def worker() -> tuple[str, ...]:
    """Return the command of the worker."""
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return (PYTHON, "-m", "celery", "-A", "config", "worker", "--pool", "prefork", "-c", "2", "-l", "warning", *alone)


def beat(*, data: Path) -> tuple[str, ...]:
    """Return the command of the clock."""
    schedule = ("--schedule", str(data / "celerybeat-schedule"), "--pidfile", "")
    return (PYTHON, "-m", "celery", "-A", "config", "beat", "-l", "warning", *schedule)
