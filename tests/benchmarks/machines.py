"""Machines of a network: namespaces of their own where root may make them, else this machine under several names."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config.demo import ports

_NET = "10.77.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where processes run: its address, and what goes before their commands."""

    name: str
    address: str
    prefix: tuple[str, ...] = ()

    def port(self) -> int:
        """Return a port that is free there."""
        return 8000 if self.prefix else ports.any_free()

    def start(self, *command: str, log: Path, **more: str) -> "subprocess.Popen[bytes]":
        """Start a process in a group of its own."""
        with log.open("ab") as output:
            return subprocess.Popen(
                (*self.prefix, *command), env=os.environ | more, stdout=output, stderr=output, start_new_session=True
            )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its children at once, as a power cut does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def are_namespaces() -> bool:
    """Tell whether this user may make networks."""
    if os.geteuid() or not shutil.which("ip"):
        return False
    name = f"rit{os.getpid()}"
    made = subprocess.run(("ip", "netns", "add", name), capture_output=True, check=False).returncode == 0
    if made:
        _ip("netns", "del", name)
    return made


@contextmanager
def network(*names: str) -> Iterator[dict[str, Machine]]:
    """Have a machine for each name while the block runs; all of them reach each other and nobody else."""
    if not are_namespaces():
        yield {name: Machine(name=name, address=ports.HOST) for name in names}
        return
    mark = f"rit{os.getpid()}"
    spaces = [mark, *(f"{mark}-{name}" for name in names)]
    try:
        _ip("netns", "add", mark)
        _ip("-n", mark, "link", "add", "hub", "type", "bridge")
        _ip("-n", mark, "link", "set", "hub", "up")
        yield {name: _joined(mark, name, number) for number, name in enumerate(names, start=1)}
    finally:
        for space in spaces:
            subprocess.run(("ip", "netns", "del", space), capture_output=True, check=False)


def _joined(hub: str, name: str, number: int) -> Machine:
    """Make a namespace, and lay a cable from it to the hub."""
    space, cable, address = f"{hub}-{name}", f"cable{number}", f"{_NET}.{number}"
    _ip("netns", "add", space)
    _ip("link", "add", cable, "netns", hub, "type", "veth", "peer", "name", "eth0", "netns", space)
    _ip("-n", hub, "link", "set", cable, "master", "hub", "up")
    _ip("-n", space, "address", "add", f"{address}/24", "dev", "eth0")
    for link in ("lo", "eth0"):
        _ip("-n", space, "link", "set", link, "up")
    return Machine(name=name, address=address, prefix=("ip", "netns", "exec", space))


def _ip(*arguments: str) -> None:
    subprocess.run(("ip", *arguments), check=True, capture_output=True)
