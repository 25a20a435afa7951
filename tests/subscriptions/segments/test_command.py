"""manage.py segment, as somebody at a terminal sees it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Contact
from tests.subscriptions.segments.conftest import field, paying

pytestmark = pytest.mark.django_db
PAUSED = paying(field("status", "is", "paused"))


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(segment: Any) -> str:
        file = tmp_path / "segment.json"
        file.write_text(json.dumps(segment))
        return str(file)

    return write


def run(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("segment", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_people_are_counted_and_listed_by_e_mail(people: dict[str, Contact], written: Any) -> None:
    Contact.objects.create(first_name="Silent")
    assert run("count", written(PAUSED))[0] == "2\n"
    assert sorted(run("members", written(PAUSED))[0].splitlines()) == ["ada@example.com", "bob@example.com"]
    out, err = run("members", written({"all": []}))
    assert (len(out.splitlines()), err) == (4, "1 without an e-mail left out.\n")


def test_a_segment_comes_through_a_pipe(people: dict[str, Contact], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(PAUSED).encode())))
    assert run("count", "-")[0] == "2\n"


def test_a_segment_is_explained_and_so_is_why_somebody_matches(people: dict[str, Contact], written: Any) -> None:
    sentence = "People with a recurring payment whose Recurring payment status is Paused\n"
    assert run("explain", written(PAUSED))[0] == sentence
    told = run("explain", written(PAUSED), "--contact", "ADA@example.com")[0].splitlines()
    assert told[1] == "yes with a recurring payment"
    assert [line.split("(is: ")[1] for line in told if "(is: " in line] == ["Paused)", "Active)"]
    with pytest.raises(CommandError, match=r"nobody with the e-mail eve@example\.com"):
        run("explain", written(PAUSED), "--contact", "eve@example.com")


def test_what_cannot_be_read_is_said_with_its_place(written: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"all\[0\]\.op: must be one of"):
        run("count", written({"all": [{"tag": "vip", "op": "is"}]}))
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("count", str(tmp_path / "missing.json"))
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 70_000)
    with pytest.raises(CommandError, match="not be larger than 64 KB"):
        run("count", str(large))
