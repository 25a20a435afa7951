"""What no code of the product does: comparisons that tell by their time, code made of data, HTML called safe."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

APPS = ("automations", "config", "contacts", "integrations", "reports", "subscriptions")
# The pretend shops play strangers, and the demo is for one's own machine.
_PLAYED = ("integrations/sandbox/", "config/demo/")
_SECRET = ("signature", "digest", "hmac", "secret", "token", "password", "passcode")
_CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads",
    "shelve.open", "yaml.load", "tempfile.mktemp", "subprocess.getoutput",
}  # fmt: skip


def every(root: Path, law: Callable[[ast.AST], bool]) -> list[str]:
    """Name each place of the product, as file:line, that breaks a law."""
    return [f"{path}:{line}" for path, code in sources(root) for line in broken(code, law)]


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the product's files by name, with what stands in them."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(_PLAYED):
                yield name, path.read_text(encoding="utf-8")


def broken(code: str, law: Callable[[ast.AST], bool]) -> list[int]:
    """Return the lines of some code that break a law."""
    return [getattr(node, "lineno", 0) for node in ast.walk(ast.parse(code)) if law(node)]


def compares_secrets(node: ast.AST) -> bool:
    """Whether == or != is asked of something secret; whether it is empty or one of our own words may be asked."""
    if not isinstance(node, ast.Compare) or not any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
        return False
    sides = [node.left, *node.comparators]
    return not any(isinstance(side, ast.Constant | ast.List) for side in sides) and any(map(_is_secret, sides))


def _is_secret(side: ast.AST) -> bool:
    """Whether the last name of an expression, or the name of what it calls, is that of a secret."""
    match side:
        case ast.Call(func=called):
            return _is_secret(called) or any(map(_is_named, (one.value for one in side.args if _is_text(one))))
        case ast.Attribute(attr=name, value=of):
            return _is_named(name) or (name in ("digest", "hexdigest", "encode") and _is_secret(of))
        case ast.Name(id=name):
            return _is_named(name)
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return _is_named(name)
    return False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_named(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)


def makes_code_of_data(node: ast.AST) -> bool:
    """Whether something is called that runs, or builds objects from, what it is given."""
    return isinstance(node, ast.Call) and (ast.unparse(node.func) in _CALLS or _has_shell(node))


def _has_shell(call: ast.Call) -> bool:
    return any(one.arg == "shell" and getattr(one.value, "value", True) for one in call.keywords)


def calls_html_safe(node: ast.AST) -> bool:
    """Whether text is called safe HTML without having been escaped."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("mark_safe", "SafeString")
