"""Whatever is typed, chosen, uploaded or put into an address on any page: no page fails."""

import io
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.config.test_matrix import known, store  # noqa: F401
from tests.people import member
from tests.security import forms
from tests.security.mutations import BODIES, TEXTS, few

pytestmark = pytest.mark.django_db
# What JSON in a field, a number or a moment could be, and what no database takes.
TYPED = TEXTS | st.sampled_from(
    ["{}", "[]", '{"all": 1}', '{"all": [{}]}', "[" * 3000, '{"a": NaN}', "9" * 400, "-1", "0", "1.5", "on", "\ufffe",
     "2026-13-45", "2026-02-30T25:61", "99999-01-01", "__all__", "None", "1,2,3", "9223372036854775808", "٣", "\t"]
)  # fmt: skip
NAMES = st.sampled_from(["report.csv", "../../etc/passwd", "a\x00.csv", "x" * 400 + ".csv", "<b>.json", "", "é.png"])
FILES = st.sampled_from([*BODIES.values(), b"email\nada@example.com\n", b'"' * 5000, b"email," * 5000])


@pytest.fixture
def administrator(known: dict[str, Any]) -> Client:  # noqa: F811
    browser = Client()
    browser.force_login(member("Administrator"))
    return browser


@pytest.fixture
def found(administrator: Client, known: dict[str, Any]) -> list[forms.Form]:  # noqa: F811
    """Every form, which are many and of all kinds."""
    every = forms.every(administrator, known)
    assert len(every) > 100
    assert {form.method for form in every} == {"get", "post"}
    assert sum(bool(form.files) for form in every) >= 3
    return every


def send(client: Client, form: forms.Form, values: dict[str, str], files: dict[str, io.BytesIO]) -> Any:
    """Send a form as a browser does, and take back what it did."""
    sent = {name: text.encode("utf-8", "surrogatepass") for name, text in values.items()}
    kept = copy(client.cookies)
    with transaction.atomic():
        answer = getattr(client, form.method)(form.path, sent | files)
        transaction.set_rollback(True)
    client.cookies = kept
    return answer


@few
@given(data=st.data())
def test_a_form_with_anything_in_it_is_taken_or_refused(
    administrator: Client, found: list[forms.Form], data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from([form for form in found if form.values or form.files]))
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(form.values) or ["x"]), TYPED, max_size=4))
    files = {name: io.BytesIO(data.draw(FILES)) for name in form.files}
    for file in files.values():
        file.name = data.draw(NAMES)
    assert send(administrator, form, form.values | changed, files).status_code < 500
