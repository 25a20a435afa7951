"""The links that PayPal puts into everything."""

Link = dict[str, str]


def link(base: str, path: str, rel: str, method: str = "GET") -> Link:
    """Write one link."""
    return {"href": f"{base}{path}", "rel": rel, "method": method}


def links(base: str, path: str, rows: tuple[tuple[str, str, str], ...]) -> list[Link]:
    """Write the links of an object: rows of (what follows its path, relation, method)."""
    return [link(base, f"{path}{rest}", rel, method) for rest, rel, method in rows]
