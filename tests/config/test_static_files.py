"""Static files under names that change with their content."""

import re
import shutil
from pathlib import Path

from config.static_files import StaticFiles

OURS = Path(__file__).parents[2] / "templates" / "static" / "ritournelle"


def test_a_script_imports_others_by_the_content_that_it_was_written_for(tmp_path):
    shutil.copytree(OURS, tmp_path / "ritournelle")
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    names = [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "ritournelle").iterdir()]
    list(storage.post_process({name: (storage, name) for name in names}))
    written = storage.hashed_files
    editor = (tmp_path / written["ritournelle/segment_editor.js"]).read_text()
    imported = re.findall(r'from "\./([\w.]+)"', editor)
    assert len(imported) > 5
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in imported)
    assert {f"ritournelle/{name}" for name in imported} <= set(written.values())
