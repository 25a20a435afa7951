"""Environments of peers: made once from pinned files, below `var/peers`, and used by the benchmarks alone."""

import filecmp
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "var" / "peers"


def python_of(peer: str) -> str:
    """Return the Python of a peer's environment, which is made, or made anew, where its pins say something else.

    `peer` is the name of a folder beside this file that holds a `requirements.txt`.
    """
    pins, folder = Path(__file__).parent / peer / "requirements.txt", FOLDER / peer
    python, installed = folder / "bin" / "python", folder / "installed.txt"
    if not installed.exists() or not filecmp.cmp(pins, installed, shallow=False):
        print(f"Making the environment of {peer} (a minute) ...", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        options = ("-qq", "--disable-pip-version-check", "--root-user-action=ignore", "--require-hashes")
        subprocess.run([str(python), "-m", "pip", "install", *options, "-r", str(pins)], check=True)
        shutil.copy(pins, installed)
    return str(python)
