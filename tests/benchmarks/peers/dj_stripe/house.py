"""dj-stripe at work, seen from outside: its web, its command, and a database of its own on the same server."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.benchmarks.peers.environments import ROOT, python_of
from tests.benchmarks.shops import KEY, SECRET, free_port, wait_for

_ROWS = "SELECT id, (stripe_data->>'cancel_at_period_end')::boolean FROM djstripe_subscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class DjStripe:
    """One installation: its Python, its database and its shop."""

    python: str
    server: str
    database: str
    shop: str

    @property
    def address(self) -> str:
        """Its database, as DATABASE_URL has it."""
        return f"{self.server.rpartition('/')[0]}/{self.database}"

    def run(self, *arguments: str, **more: str) -> str:
        """Run its Python to the end, and return what it prints."""
        command = [self.python, *arguments]
        done = subprocess.run(command, env=self._environment(**more), cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"dj-stripe stopped: {' '.join(arguments)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def sync(self) -> None:
        """Read the whole history of subscriptions by its own command, and all that belongs to them."""
        self.run("-m", "django", "djstripe_sync_models", "Subscription")

    def subscriptions(self) -> dict[str, bool]:
        """Return what it holds: whether each subscription ends with its period."""
        with psycopg.connect(self.address) as connection:
            return dict(connection.execute(_ROWS).fetchall())

    @contextmanager
    def serving(self, **more: str) -> Iterator[tuple[int, str]]:
        """Run its web on both cores, and yield the port and the path of its webhook."""
        path = f"/stripe/webhook/{self.run('-m', 'tests.benchmarks.peers.dj_stripe.endpoint').strip()}/"
        port = free_port()
        options = [f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4", "--worker-class=gthread"]
        wsgi = ["--keep-alive=30", "tests.benchmarks.peers.dj_stripe.wsgi"]
        command = [self.python, "-m", "gunicorn", *options, *wsgi]
        with subprocess.Popen(
            command, env=self._environment(**more), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                wait_for(f"http://127.0.0.1:{port}/healthz", process)
                yield port, path
            finally:
                process.terminate()

    def _environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        own = {"DATABASE_URL": self.address, "SHOP": self.shop, "SHOP_KEY": KEY, "SHOP_SECRET": SECRET}
        return kept | own | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.peers.dj_stripe.settings"} | more


@contextmanager
def installed(server: str, shop: str) -> Iterator[DjStripe]:
    """Have a fresh installation on a PostgreSQL server, whose `server` names one of its databases, and remove it."""
    made = DjStripe(python=python_of("dj_stripe"), server=server, database=f"peer_{uuid4().hex[:12]}", shop=shop)
    _database(made, "CREATE DATABASE {}")
    try:
        made.run("-m", "django", "migrate", "--verbosity=0")
        yield made
    finally:
        _database(made, "DROP DATABASE {} WITH (FORCE)")


@contextmanager
def emptied(made: DjStripe) -> Iterator[DjStripe]:
    """Have a copy of a fresh installation, in which nothing has been read yet."""
    copy = DjStripe(python=made.python, server=made.server, database=f"{made.database}_copy", shop=made.shop)
    _database(copy, f"CREATE DATABASE {{}} TEMPLATE {made.database}")
    try:
        yield copy
    finally:
        _database(copy, "DROP DATABASE {} WITH (FORCE)")


def _database(made: DjStripe, statement: str) -> None:
    with psycopg.connect(made.server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(made.database)))
