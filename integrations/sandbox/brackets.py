"""Form and query encoding with brackets: `a[b]=1&c[]=2&c[]=3` is `{"a": {"b": "1"}, "c": ["2", "3"]}`."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PART = re.compile(r"\[([^\]]*)\]")
_DEEPEST = 8


def decode(text: str) -> dict[str, Any]:
    """Read bracketed parameters into nested dictionaries and lists of strings.

    Raises ValueError when the text is not UTF-8, or nests deeper than eight levels.
    """
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True, errors="strict"):
        _plant(tree, _parts(key), value)
    return {name: _with_lists(branch) for name, branch in tree.items()}


def _parts(key: str) -> list[str]:
    name = key.partition("[")[0]
    parts = [name, *_PART.findall(key[len(name) :])]
    if len(parts) > _DEEPEST:
        raise ValueError(f"{name} nests too deep")
    return parts


def _plant(tree: dict[str, Any], parts: list[str], value: str) -> None:
    for part in parts[:-1]:
        branch = tree.setdefault(part or str(len(tree)), {})
        if not isinstance(branch, dict):
            raise ValueError(f"{parts[0]} is both a value and a group")
        tree = branch
    tree[parts[-1] or str(len(tree))] = value


def _with_lists(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    grown = {name: _with_lists(value) for name, value in branch.items()}
    places = [str(place) for place in range(len(grown))]
    return [grown[place] for place in places] if grown.keys() == set(places) else grown
