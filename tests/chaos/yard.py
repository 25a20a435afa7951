"""Where runs take place: a small disk, a database server of our own, and databases without content to be copied."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet

from config.demo import plan
from tests.automations.cluster import Cluster, binaries
from tests.chaos.ground import Database, small_disk
from tests.chaos.house import MARK
from tests.config.processes import naming

_MEGABYTES = 900
# On a small disk the server must not keep more of its own log than fits.
_SMALL = "\nmax_wal_size = 64MB\nmin_wal_size = 32MB\nmax_connections = 200\n"
_KEY = Fernet.generate_key().decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """`room` is the folder of everything; without a server there are runs on SQLite only."""

    room: Path
    cluster: Cluster | None
    has_disk: bool

    @property
    def disk(self) -> Path:
        """The folder of the small disk, or that stands for it."""
        return self.room / "disk"

    @property
    def data(self) -> Path:
        """The folder of the house that is running, on the disk."""
        return self.disk / "data"

    @property
    def prepared(self) -> Path:
        """The folder with the files that all houses have."""
        return self.room / "prepared"

    @property
    def empty_file(self) -> Path:
        """The SQLite database without content."""
        return self.room / "empty.sqlite3"

    def clear(self) -> None:
        """Begin a run with an empty folder."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True)
        (self.data / "static").symlink_to(self.prepared / "static")

    def made(self, kind: str, name: str) -> str:
        """Make a database without content, and return its address."""
        if kind == "sqlite" or self.cluster is None:
            shutil.copy(self.empty_file, self.data / f"{name}.sqlite3")
            return f"sqlite:///{self.data / name}.sqlite3"
        self._ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE empty")
        return self._url(name)

    def tidy(self) -> None:
        """Kill what a run that broke off has left behind, and start the server that it may have left down."""
        self._kill()
        if self.cluster:
            Database(self.cluster).start()

    def close(self) -> None:
        """Leave nothing running, and nothing of the server."""
        self._kill()
        if self.cluster and self.cluster.folder.exists():
            Database(self.cluster).stop()
            shutil.rmtree(self.cluster.folder, ignore_errors=True)

    def _kill(self) -> None:
        for pid in naming(f"{MARK}={self.data}"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def prepare(self) -> None:
        """Make what all runs share."""
        self.empty_file.unlink(missing_ok=True)
        file = f"sqlite:///{self.empty_file}"
        for command in (("translations", "compile"), ("migrate", "-v0"), ("collectstatic", "-v0", "--noinput")):
            self._manage(file, *command)
        if self.cluster:
            self._prepare_server(self.cluster)

    def _prepare_server(self, cluster: Cluster) -> None:
        shutil.rmtree(cluster.folder, ignore_errors=True)
        cluster.make()
        with (cluster.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(_SMALL)
        cluster.start()
        self._ask("CREATE DATABASE empty")
        self._manage(self._url("empty"), "migrate", "-v0")

    def _manage(self, database: str, *command: str) -> None:
        keys = {"SECRET_KEY": "x" * 50, "ENCRYPTION_KEYS": _KEY}
        told = {"DATABASE_URL": database, "DATA_DIR": str(self.prepared)} | keys
        subprocess.run((*plan.MANAGE, *command), cwd=plan.ROOT, env=os.environ | told, check=True)

    def _ask(self, *statements: str) -> None:
        assert self.cluster is not None
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _url(self, name: str) -> str:
        assert self.cluster is not None
        return f"postgres://tester@127.0.0.1:{self.cluster.port}/{name}"


@contextmanager
def opened(room: Path) -> Iterator[Yard]:
    """Prepare everything that runs share, and take it away again."""
    room.mkdir(parents=True, exist_ok=True)
    with small_disk(room / "disk", megabytes=_MEGABYTES) as disk:
        yard = Yard(room=room, cluster=Cluster(room / "disk") if binaries() else None, has_disk=disk is not None)
        try:
            yard.prepare()
            yield yard
        finally:
            yard.close()
