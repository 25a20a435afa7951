"""Workers of several processes."""

from contextlib import ExitStack
from pathlib import Path

from tests.integrations.house import CELERY, House
from tests.integrations.running import holds, until


def test_a_worker_s_processes_are_made_while_its_first_one_has_no_database_open(tmp_path: Path) -> None:
    with ExitStack() as stack:
        house = House(stack, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/file")
        house.broker()
        worker = house.start("worker", *CELERY, "worker", "--pool", "prefork", "-c", "1", "-l", "info")
        until(lambda: "ready." in (tmp_path / "worker").read_text())
        assert not holds(worker.pid, tmp_path / "file")
