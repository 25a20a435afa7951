"""What no code of the product does, read from its syntax."""

import re
from pathlib import Path

import pytest

from tests.architecture import laws

ROOT = Path(__file__).parents[2]
# What the sanitizer has cleaned just before, and what the widget's own code has escaped.
CLEANED = ["automations/email/preparing.py", "subscriptions/admin.py"]
# Plain text: there is nothing to escape in it.
PLAIN = ".txt"


def test_secrets_are_compared_in_constant_time() -> None:
    assert laws.every(ROOT, laws.compares_secrets) == []


@pytest.mark.parametrize(
    "code",
    [
        "signature == given",
        "if expected.token != header: pass",
        "x = hmac.new(k, b).hexdigest() == y",
        "request.POST.get('token') == kept",
        "row['secret'] == told",
        "a == user.password",
    ],
)
def test_such_a_comparison_would_be_found(code: str) -> None:
    assert laws.broken(code, laws.compares_secrets)


@pytest.mark.parametrize("code", ["signature == ''", "token != 'none'", "place == other", "len(name) == 3"])
def test_what_compares_no_secret_is_left_alone(code: str) -> None:
    assert not laws.broken(code, laws.compares_secrets)


def test_no_data_becomes_code() -> None:
    assert laws.every(ROOT, laws.makes_code_of_data) == []


@pytest.mark.parametrize("code", ["eval(text)", "pickle.loads(x)", "subprocess.run(x, shell=True)", "os.system(x)"])
def test_what_makes_code_of_data_would_be_found(code: str) -> None:
    assert laws.broken(code, laws.makes_code_of_data)


def test_no_text_is_called_safe_html_but_what_was_cleaned() -> None:
    assert [place.rpartition(":")[0] for place in laws.every(ROOT, laws.calls_html_safe)] == CLEANED


def test_no_template_switches_escaping_off_but_plain_text() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "templates").rglob("*.*"))
        if path.suffix in (".html", ".txt") and re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", path.read_text())
    ]
    assert [name for name in found if not name.endswith(PLAIN)] == []


def test_no_script_of_ours_makes_code_or_listens_to_other_windows() -> None:
    scripts = sorted((ROOT / "templates" / "static" / "ritournelle").glob("*.js"))
    pattern = re.compile(r"\beval\(|new Function\(|document\.write|postMessage|addEventListener\(\"message\"")
    assert len(scripts) > 20
    assert [path.name for path in scripts if pattern.search(path.read_text())] == []
