"""Our French without GNU gettext: collected, merged, compiled and proof-read."""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from config import extraction, proofreading, translations

ROOT = Path(__file__).parents[2]
PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext, npgettext
_("plain")
gettext_lazy("lazy")
# Translators: as in calendar
pgettext("month", "May")
ngettext("%(n)d store", "%(n)d stores", n)
npgettext("shop", "one", "many", n)
_(f"composed {n}")
print("not marked")
"""
TEMPLATE = """{% load i18n %}
    <a href="(" title='{% translate "Open" %}'>{# Translators: on a button #}
  {% translate "Post" context "mail" %}</a>
{% blocktranslate trimmed %}
    Two
    lines
{% endblocktranslate %}
      {% blocktranslate count n=people|length with name=store.name trimmed %}
          {{ name }} has one person
      {% plural %}
          {{ name }} has {{ n }} people, 100%
      {% endblocktranslate %}
   {% blocktranslate context "ctx" %}It's{% endblocktranslate %}
{{ value|default:_("nothing") }}{% comment %}{% translate "commented out" %}{% endcomment %}
"""


@pytest.fixture
def tree(tmp_path):
    """A small project with one text, translated."""
    (tmp_path / "contacts").mkdir()
    _say(tmp_path, '_("Hello %(name)s")')
    po = tmp_path / "django.po"
    translations.update(po, root=tmp_path)
    _translate(po, "Hello %(name)s", "Bonjour %(name)s")
    return tmp_path


def _say(root, code):
    (root / "contacts" / "models.py").write_text(code + "\n")


def _translate(po, text, french):
    lines = po.read_text().splitlines()
    place = lines.index(f'msgid "{text}"')
    lines[place + 1] = f'msgstr "{french}"'
    po.write_text("\n".join(lines) + "\n")


def _problems(root):
    return list(proofreading.problems(root / "django.po", root=root))


def _collected(root):
    return translations.by_key(extraction.collect(root))


def test_texts_are_collected_from_python(tmp_path):
    (tmp_path / "contacts").mkdir()
    _say(tmp_path, PYTHON)
    found = _collected(tmp_path)
    assert set(found) == {
        ("plain", None),
        ("lazy", None),
        ("May", "month"),
        ("%(n)d store", None),
        ("one", "shop"),
    }
    assert found["May", "month"].auto_comments == ["Translators: as in calendar"]
    assert found["%(n)d store", None].id == ("%(n)d store", "%(n)d stores")
    assert found["one", "shop"].id == ("one", "many")


def test_texts_are_collected_from_templates(tmp_path):
    (tmp_path / "templates" / "contacts").mkdir(parents=True)
    (tmp_path / "templates" / "contacts" / "page.html").write_text(TEMPLATE)
    found = _collected(tmp_path)
    assert set(found) == {
        ("Open", None),
        ("Post", "mail"),
        ("Two lines", None),
        ("%(name)s has one person", None),
        ("It's", "ctx"),
        ("nothing", None),
    }
    assert found["%(name)s has one person", None].id[1] == "%(name)s has %(n)s people, 100%%"
    assert found["Post", "mail"].auto_comments == ["Translators: on a button"]


def test_migrations_and_tests_are_not_read(tmp_path):
    for folder in ("contacts/migrations", "tests", ".venv/lib"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.py").write_text('_("not for readers")')
    assert _collected(tmp_path) == {}


def test_an_update_keeps_translations_and_drops_what_is_gone(tree):
    _say(tree, '_("Hello %(name)s")\n_("new")')
    assert translations.update(tree / "django.po", root=tree) == 1
    assert "Bonjour %(name)s" in (tree / "django.po").read_text()
    _say(tree, '_("new")')
    translations.update(tree / "django.po", root=tree)
    assert "Bonjour" not in (tree / "django.po").read_text()


def test_a_fuzzy_translation_is_never_used(tree):
    po = tree / "django.po"
    po.write_text(po.read_text().replace("#, python-format", "#, fuzzy, python-format"))
    assert _problems(tree) == ["'Hello %(name)s': fuzzy"]
    assert translations.update(po, root=tree) == 1
    assert _problems(tree) == ["'Hello %(name)s': empty"]


def test_the_file_does_not_change_when_lines_move(tree):
    before = (tree / "django.po").read_bytes()
    _say(tree, '\n\n\n_("Hello %(name)s")')
    translations.update(tree / "django.po", root=tree)
    assert (tree / "django.po").read_bytes() == before
    assert b"#: contacts/models.py\n" in before
    assert b"Date" not in before


def test_all_is_well_with_a_complete_file(tree):
    assert _problems(tree) == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ('_("Hello %(name)s")\n_("new")', "'new': missing"),
        ("", "'Hello %(name)s': obsolete"),
        ('ngettext("Hello %(name)s", "Hello all", n)', "'Hello %(name)s': stale, its sources have changed"),
    ],
)
def test_a_file_that_lags_behind_its_sources_is_a_problem(tree, code, problem):
    _say(tree, code)
    assert problem in _problems(tree)


def test_a_commented_leftover_is_a_problem(tree):
    with (tree / "django.po").open("a") as file:
        file.write('\n#~ msgid "Bye"\n#~ msgstr "Adieu"\n')
    assert _problems(tree) == ["'Bye': obsolete"]


@pytest.mark.parametrize("french", ["Bonjour", "Bonjour %(nom)s", "Bonjour %(name)s %(name)s", "Bonjour %(name)d"])
def test_other_placeholders_are_a_problem(tree, french):
    _translate(tree / "django.po", "Hello %(name)s", french)
    [problem] = _problems(tree)
    assert problem.endswith("where the text has %(name)s")


MISPRINTED = ["Bonjour « %(name)s »", "Bonjour : %(name)s", "Bonjour %(name)s ?", "L'ami %(name)s"]


@pytest.mark.parametrize("french", MISPRINTED)
def test_what_french_writes_otherwise_is_a_problem(tree, french):
    _translate(tree / "django.po", "Hello %(name)s", french)
    [problem] = _problems(tree)
    assert "may break" in problem
    right = re.sub(" (?=[:?»])|(?<=«) ", "\u00a0", french).replace("'", "\u2019")
    _translate(tree / "django.po", "Hello %(name)s", right)
    assert _problems(tree) == []


@pytest.mark.parametrize(("english", "french"), [("{n} of {m}", "{m} sur {n}"), ("100 %d", "%d 100"), ("5%%", "5 %%")])
def test_placeholders_may_change_places(tree, english, french):
    _say(tree, f'_("{english}")')
    translations.update(tree / "django.po", root=tree)
    _translate(tree / "django.po", english, french)
    assert _problems(tree) == []


def test_a_singular_may_write_its_number_as_a_word_and_a_plural_may_not(tree):
    _say(tree, 'ngettext("One store", "%(n)d stores", n)')
    po = tree / "django.po"
    translations.update(po, root=tree)
    translated = po.read_text().replace('msgstr[0] ""', 'msgstr[0] "Une boutique"')
    po.write_text(translated.replace('msgstr[1] ""', 'msgstr[1] "%(n)d boutiques"'))
    assert _problems(tree) == []
    po.write_text(translated.replace('msgstr[1] ""', 'msgstr[1] "Des boutiques"'))
    assert _problems(tree) == ["'One store': has no placeholder where the text has %(n)d"]


def test_it_is_compiled_only_when_it_is_old(tree):
    po = tree / "django.po"
    assert translations.compile_stale(po)
    assert not translations.compile_stale(po)
    os.utime(po, (po.stat().st_mtime + 10,) * 2)
    assert translations.is_stale(po)
    assert translations.compile_stale(po)


def test_several_processes_may_compile_at_once(tree):
    code = "import sys, pathlib; from config import translations as t; t.compile_stale(pathlib.Path(sys.argv[1]))"
    processes = [subprocess.Popen([sys.executable, "-c", code, tree / "django.po"], cwd=ROOT) for _ in range(3)]
    assert [process.wait(timeout=30) for process in processes] == [0, 0, 0]
    assert {path.name for path in tree.iterdir() if path.is_file()} == {"django.po", "django.mo"}


def test_django_reads_our_french():
    with translation.override("fr"):
        assert translation.gettext("Next payment date") == "Date du prochain paiement"


def test_the_command_names_what_is_wrong(monkeypatch):
    monkeypatch.setattr(proofreading, "problems", lambda: iter(()))
    call_command("translations", "check", stdout=(out := StringIO()))
    assert "complete" in out.getvalue()
    monkeypatch.setattr(proofreading, "problems", lambda: iter(["'new': missing"]))
    with pytest.raises(CommandError, match="'new': missing"):
        call_command("translations", "check")
