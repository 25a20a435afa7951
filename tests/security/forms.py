"""The forms of the site as a browser would send them, found by walking over its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from tests.config import matrix
from tests.html import Element, read

# What asks a store or a stranger's server over the network, and what ends the session.
_LEFT_ALONE = ("/connected-apps/", "/webhook/", "/reconcile/", "/sync/", "/links/", "logout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form: where it goes, what it would send as it stands, and which of that are files."""

    method: str
    path: str
    values: dict[str, str]
    files: tuple[str, ...] = ()


def every(client: Client, known: dict[str, Any]) -> list[Form]:
    """Return each form of each page once, and each link that asks something as the form that it could have been."""
    found = {}
    for method, route, _ in matrix.rows(matrix.SITE, matrix.ROLES):
        path = matrix.path(route, known)
        if method != "GET" or _is_left_alone(path):
            continue
        answer = client.get(path)
        if answer.status_code == 200 and not answer.streaming and "text/html" in answer["Content-Type"]:
            for form in _forms(read(answer.content), path):
                found.setdefault((form.method, form.path, tuple(form.values), form.files), form)
    return list(found.values())


def _forms(page: Element, path: str) -> Iterator[Form]:
    for one in page.every("form"):
        if one.attributes.get("method") == "dialog":
            continue
        form = _form(one, path, page)
        if not _is_left_alone(form.path):
            yield form
    for link in page.every("a", href=None):
        told = urlsplit(link.attributes["href"])
        if told.query and not told.netloc and not _is_left_alone(told.path):
            yield Form(method="get", path=told.path or path, values=dict(parse_qsl(told.query)))


def _form(form: Element, path: str, page: Element) -> Form:
    owned = [one for one in page.walk() if one.attributes.get("form", "?") == form.attributes.get("id")]
    inputs = [one for one in (*form.walk(), *owned) if one.attributes.get("name")]
    values = {one.attributes["name"]: _value(one) for one in inputs if one.attributes.get("type") != "file"}
    files = tuple(one.attributes["name"] for one in inputs if one.attributes.get("type") == "file")
    goes = urlsplit(form.attributes.get("action") or path).path or path
    return Form(method=form.attributes.get("method", "get").lower(), path=goes, values=values, files=files)


def _value(one: Element) -> str:
    if one.tag == "textarea":
        return one.text
    if one.tag == "select":
        chosen = [option for option in one.every("option") if "selected" in option.attributes] or one.every("option")[
            :1
        ]
        return chosen[0].attributes.get("value", "") if chosen else ""
    return one.attributes.get("value", "")


def _is_left_alone(path: str) -> bool:
    return any(part in path for part in _LEFT_ALONE)
