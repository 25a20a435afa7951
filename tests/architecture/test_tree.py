"""The tree holds what belongs there, and no file says where packages are fetched from."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = {
    *(".ci", ".gitignore", ".python-version", "Makefile", "README.md", "manage.py", "pyproject.toml"),
    *("requirements.txt", "requirements-dev.txt"),
    *("automations", "config", "contacts", "integrations", "reports", "subscriptions"),
    *("docs", "templates", "tests"),
}
# What tools leave in a tree; in a checkout git knows it.
NOT_OURS = {".git", ".venv", "var", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
# Each pattern is written so that it does not match itself.
ADDRESSES = re.compile(
    r"(https?|file)://[^\s\"'`]*(pypi|pythonhosted|npmjs|/simple/?(\s|$))"
    r"|(?<!no-emit)--(extra-)?index[-]url|--find[-]links|PIP_(EXTRA_)?INDEX[_]URL|PIP_FIND[_]LINKS",
    re.IGNORECASE,
)


def _files() -> list[Path]:
    """Return the files that are in git or would be, or all of a tree that is no checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = filter(None, listed.stdout.split("\0"))
        return [path for name in names if (path := ROOT / name).is_file()]
    every = (path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts))
    return [path for path in every if path.is_file()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_the_top_level_holds_only_what_belongs_there():
    assert {path.relative_to(ROOT).parts[0] for path in _files()} <= TOP


def test_no_file_names_a_package_index():
    told = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in _files()
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if ADDRESSES.search(line)
    ]
    assert told == []


@pytest.mark.parametrize(
    "line",
    [
        "--" + "index-url https://packages.example.com/",
        "--" + "extra-index-url=x",
        "--" + "find-links /somewhere",
        "https://files." + "pythonhosted.org/packages/a.whl",
        "http://mirror.example.com/" + "simple/",
        "file:///srv/" + "simple/",
        "PIP_" + "INDEX_URL=x",
    ],
)
def test_an_address_of_an_index_is_found(line):
    assert ADDRESSES.search(line)


def test_each_pinned_package_has_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[a-z].*?==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z]", text, re.MULTILINE)) > 20


def test_development_has_the_versions_that_production_has():
    production, development = (
        set(re.findall(r"^[a-z]\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert production < development
