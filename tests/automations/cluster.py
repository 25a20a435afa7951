"""A PostgreSQL of a test's own, which may be stopped and started, with the product's tables in it."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from config.demo import ports
from tests.integrations.running import MANAGE, finished

# What it is run as, where the tests are run by root: the server refuses that.
OWNERS = ("postgres", "nobody")
SCRIPT = "tests.automations.cluster"


def binaries() -> Path | None:
    """Return the folder of the server's programs, the newest, where there is one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


class Cluster:
    """A server on a free port, of 127.0.0.1 or another address, with its files below a folder.

    `prefix` goes before its commands, where it runs on a network of its own.
    """

    def __init__(self, folder: Path, *, host: str = ports.HOST, prefix: tuple[str, ...] = ()) -> None:
        self.folder, self.port, self.host, self.prefix = folder / "postgres", ports.any_free(), host, prefix
        self.owner = next((name for name in OWNERS if _exists(name)), "") if os.geteuid() == 0 else ""
        self.url = f"postgres://tester@{host}:{self.port}/postgres"

    def make(self) -> None:
        """Make it, owned by somebody without rights."""
        self.folder.mkdir()
        for parent in self.folder.parents[:-1]:
            if parent.stat().st_uid == os.geteuid():
                parent.chmod(parent.stat().st_mode | 0o011)  # so that the owner gets to it
        if self.owner:
            shutil.chown(self.folder, self.owner)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        if self.host != ports.HOST:
            with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        told = f"-p {self.port} -c listen_addresses={self.host} -c fsync=off -k {self.folder}"
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", told, "start")

    def stop(self) -> None:
        """Stop it at once, as a power cut does."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def ask(self, query: str) -> list[Any]:
        """Ask it something."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def do(self, statement: str) -> None:
        """Change something in it."""
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode())

    def fill(self) -> None:
        """Make the product's tables in it, and what `prepare` puts into them."""
        for command in ((*MANAGE, "migrate", "-v0"), (sys.executable, "-m", SCRIPT)):
            done = finished(*command, DATABASE_URL=self.url)
            assert done.returncode == 0, done.stderr

    def _run(self, program: str, *arguments: str) -> None:
        folder = binaries()
        assert folder is not None
        as_owner = ("setpriv", f"--reuid={self.owner}", f"--regid={_group(self.owner)}", "--clear-groups")
        command = (*self.prefix, *(as_owner if self.owner else ()), str(folder / program), *arguments)
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run one while the block runs, in a folder that nobody else locks."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    made = Cluster(folder)
    try:
        made.make()
        made.start()
        yield made
        made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _group(owner: str) -> int:
    return pwd.getpwnam(owner).pw_gid


def prepare() -> None:
    """Publish an automation, and have 200 people's payments start it."""
    from subscriptions.models import Store
    from tests.automations.flows import pay, publish, step, tag

    store = Store.objects.create(name="Shop", provider="stripe")
    publish(tag("a"), step("email", subject="Hello", text="Text", about="service"), tag("z"))
    for number in range(200):
        pay(store, f"p{number}", f"sub_{number}")


if __name__ == "__main__":
    import django

    django.setup()
    prepare()
