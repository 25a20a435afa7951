"""Nothing that the theme says on our pages is left in English for somebody who reads French."""

from pathlib import Path

import unfold
from django.utils.translation import gettext, override

from config import extraction
from config.theme_words import WORDS

THEME = Path(unfold.__file__).parent
OURS = Path(__file__).parents[2] / "templates"
# What belongs to parts of the theme that no page of ours uses.
UNUSED = (
    *("app_list_all", "command", "shortcuts", "search.html", "dialog", "pagination_infinite", "unfold_crispy"),
    *("edit_inline", "file", "dataset", "display_header", "components/table", "tab_items", "nested_inlines"),
    *("contrib/", "mixins/formfield", "unauthenticated_header", "widgets.py", "forms.py"),
)
# The same word in both languages.
SAME = {"Action"}


def _theme_texts() -> dict[str, str]:
    """Map each text of the theme, where no template of ours replaces its file, to the file."""
    files = (path for ending in ("html", "py") for path in THEME.rglob(f"*.{ending}"))
    used = {path: path.relative_to(THEME).as_posix() for path in files}
    return {
        text if isinstance(text, str) else text[0]: name
        for path, name in used.items()
        if not any(part in name for part in UNUSED) and not (OURS / name.removeprefix("templates/")).exists()
        for text, _comments, _context in extraction.texts(path)
    }


def test_every_text_of_the_theme_that_is_shown_has_its_french() -> None:
    with override("fr"):
        english = {text: name for text, name in _theme_texts().items() if gettext(text) == text and text not in SAME}
    assert english == {}


def test_no_word_is_kept_that_the_theme_no_longer_says() -> None:
    said = {
        text if isinstance(text, str) else text[0]
        for ending in ("html", "py")
        for path in THEME.rglob(f"*.{ending}")
        for text, _comments, _context in extraction.texts(path)
    }
    assert [word for word in WORDS if word not in said] == []
