"""manage.py rotate_secrets: every secret is written anew, and nothing else."""

import pytest
from django.core.management import call_command

from integrations.models import Connection
from tests.integrations.contracts import SECRET, made


def test_it_says_how_many_and_touches_only_secrets(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Shop", "Other shop"):
        made("stripe", name)
    before = list(Connection.objects.order_by("pk").values("token", "problem", "next_request_at", "created_at"))
    call_command("rotate_secrets")
    assert capsys.readouterr().out == "Encrypted 2 stored secrets with the first key.\n"
    assert list(Connection.objects.order_by("pk").values("token", "problem", "next_request_at", "created_at")) == before
    assert {one.webhook_secret for one in Connection.objects.all()} == {SECRET}
