"""Build small HTML pages: what is not markup already is escaped."""

from html import escape

from integrations.sandbox.wire import Answer

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1d22; --soft: #5d6070; --paper: #fff; --wash: #f4f4f8; --line: #dcdde6;
  --link: #3d3aa8; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf2; --soft: #a5a8b8; --paper: #17181d; --wash: #22242c;
  --line: #3a3d49; --link: #b1afff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 0 1rem 3rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { padding: .75rem 0; border-bottom: 1px solid var(--line); }
header p { margin: .25rem 0; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2rem; }
a { color: var(--link); } .soft { color: var(--soft); }
summary { cursor: pointer; }
.note { padding: .5rem .75rem; border-left: .25rem solid var(--link); background: var(--wash); }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
input, button, select { font: inherit; color: inherit; padding: .4rem .75rem; border: 1px solid var(--soft);
  border-radius: .35rem; background: var(--paper); min-height: 2.5rem; }
input { flex: 1 1 12rem; min-width: 0; } button { background: var(--wash); cursor: pointer; }
:focus-visible { outline: .2rem solid var(--link); outline-offset: .1rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); }
dl { margin: 1rem 0; } dl div { display: flex; flex-wrap: wrap; gap: 0 .5rem; padding: .3rem 0;
  border-bottom: 1px solid var(--line); }
dt { flex: 0 0 10rem; color: var(--soft); } dd { flex: 1 1 12rem; margin: 0; }
nav.pages { display: flex; gap: 1rem; margin-top: 1rem; }
@media (max-width: 40rem) { thead { position: absolute; clip-path: inset(50%); }
  table, tbody, tr, td, caption { display: block; } tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: .1rem 0; } td::before { content: attr(data-label) ": "; color: var(--soft); } }
"""


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """Write an element; children that are not Html are escaped; `class_` is class, `data_label` is data-label."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    written = "".join(f' {key}="{escape(str(value))}"' for key, value in given.items())
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: object) -> Html:
    """Write children one after the other, escaping what is not Html."""
    return Html("".join(child if isinstance(child, Html) else escape(str(child)) for child in children))


def field(name: str, value: str = "", *, label: str = "", kind: str = "hidden") -> Html:
    """Write an input, which has no end tag."""
    spoken = f' aria-label="{escape(label)}" placeholder="{escape(label)}"' if label else ""
    return Html(f'<input type="{kind}" name="{name}" value="{escape(value)}"{spoken}>')


def table(caption: str, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> Html:
    """Write a table that becomes a list of cards on a narrow screen."""
    head = tag("tr", *(tag("th", text, scope="col") for text in heads))
    body = (
        tag("tr", *(tag("td", cell, data_label=text) for text, cell in zip(heads, row, strict=True))) for row in rows
    )
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))


def facts(rows: list[tuple[str, object]]) -> Html:
    """Write names and values."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in rows))


def page(title: str, *body: object, banner: object, status: int = 200) -> Answer:
    """Answer with a whole page."""
    head = (
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", title),
        tag("style", Html(_STYLE)),
    )
    whole = tag("html", tag("head", *head), tag("body", tag("header", banner), tag("main", *body)), lang="en")
    return Answer(
        status=status,
        body=f"<!doctype html>{whole}".encode(),
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"},
    )
