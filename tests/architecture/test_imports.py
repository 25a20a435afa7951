"""The walls between the apps stand."""

from pathlib import Path

import pytest

from tests.architecture.imports import violations

ROOT = Path(__file__).parents[2]


def test_no_import_crosses_a_wall():
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("path", "code", "complaint"),
    [
        ("contacts/models.py", "import subscriptions", "contacts/models.py:1 imports subscriptions"),
        ("contacts/models.py", "from subscriptions import models", "imports subscriptions.models"),
        ("automations/a.py", "from integrations.models import Delivery", "imports integrations.models.Delivery"),
        ("integrations/a/b.py", "def f():\n    import automations.triggers", "b.py:2 imports automations.triggers"),
        ("contacts/a.py", "from config.navigation import sidebar", "imports config.navigation.sidebar"),
        ("config/limits/a.py", "from contacts import models", "imports contacts.models"),
        ("config/urls.py", "from contacts import views", "config/urls.py:1 imports contacts.views"),
        (
            "subscriptions/a.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from reports import x",
            "subscriptions/a.py:3 imports reports.x",
        ),
        (
            "integrations/providers/stripe/mapping.py",
            "from integrations.providers.paypal import history",
            "imports integrations.providers.paypal.history",
        ),
        (
            "integrations/providers/stripe/mapping.py",
            "from integrations.providers import paypal",
            "imports integrations.providers.paypal",
        ),
        (
            "integrations/providers/stripe/mapping.py",
            "from ..paypal.mapping import status",
            "imports integrations.providers.paypal.mapping.status",
        ),
    ],
)
def test_a_forbidden_import_is_found_wherever_it_stands(tmp_path, path, code, complaint):
    _plant(tmp_path, path, code)
    [found] = violations(tmp_path)
    assert complaint in found


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("subscriptions/services.py", "from contacts.services import upsert_contacts"),
        ("reports/query.py", "import automations.triggers, contacts, subscriptions.models"),
        ("contacts/admin.py", "from . import models\nfrom .models import Contact\nimport django, contacts"),
        ("integrations/tasks.py", "from config.limits import allowances"),
        ("config/urls.py", "from config import health\nfrom django.urls import include"),
        ("integrations/providers/stripe/mapping.py", "from integrations.providers.base import Provider"),
        ("integrations/providers/stripe/mapping.py", "from . import verify\nfrom ..stripe.verify import check"),
        ("integrations/providers/__init__.py", "from integrations.providers.stripe import provider"),
    ],
)
def test_an_allowed_import_is_no_violation(tmp_path, path, code):
    _plant(tmp_path, path, code)
    assert violations(tmp_path) == []


def _plant(root: Path, path: str, code: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True)
    (root / "integrations" / "providers" / "paypal").mkdir(parents=True, exist_ok=True)
    file.write_text(code)
