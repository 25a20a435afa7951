"""Who may import whom: the table, and a reader of every import that finds what the table does not allow."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ALLOWED = {
    "contacts": set(),
    "subscriptions": {"contacts"},
    "integrations": {"subscriptions", "contacts"},
    "automations": {"subscriptions", "contacts"},
    "reports": {"automations", "subscriptions", "contacts"},
    "config": set(),  # names apps as strings only
}
# The floor that all apps stand on; it imports none of them.
_FLOOR = (
    *("access", "api", "audit", "bells", "encryption", "limits", "outgoing", "posting", "public_pages", "seeking"),
    *("logs", "mail_rows", "metrics", "pulse", "schema", "turns"),
)
FLOOR = tuple(("config", name) for name in _FLOOR)
PROVIDERS = ("integrations", "providers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported module, and where that stands."""

    path: str
    line: int
    module: str

    def __str__(self) -> str:
        """Return what an editor can jump to."""
        return f"{self.path}:{self.line} imports {self.module}"


def violations(root: Path) -> list[str]:
    """Return each import below a project's folder that crosses a wall."""
    return [str(found) for app in ALLOWED for found in _imports(root, app) if not _is_allowed(root, found)]


def _imports(root: Path, app: str) -> Iterator[Import]:
    for path in sorted((root / app).rglob("*.py")):
        name = path.relative_to(root)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for module in _modules(node, package=name.parent.parts):
                yield Import(path=name.as_posix(), line=node.lineno, module=module)


def _modules(node: ast.AST, *, package: tuple[str, ...]) -> list[str]:
    """Return the full names that a statement imports; `from a import b` may mean the module a.b."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else ()
        start = ".".join((*above, *filter(None, [node.module])))
        return [f"{start}.{alias.name}" for alias in node.names]
    return []


def _is_allowed(root: Path, found: Import) -> bool:
    importer, imported = Path(found.path).with_suffix("").parts, tuple(found.module.split("."))
    if imported[:2] in FLOOR:
        return True
    if imported[0] != importer[0] or importer[:2] in FLOOR:
        return imported[0] not in ALLOWED or imported[0] in ALLOWED[importer[0]]
    providers = {_provider(root, importer), _provider(root, imported)}
    return None in providers or len(providers) == 1


def _provider(root: Path, module: tuple[str, ...]) -> str | None:
    """Return the provider in whose folder a module lies; base.py and its like lie in none."""
    inside = module[:2] == PROVIDERS and len(module) > 2 and root.joinpath(*module[:3]).is_dir()
    return module[2] if inside else None
