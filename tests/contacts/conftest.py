"""Somebody who looks at people."""

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    """A superuser's browser."""
    client.force_login(admin_user)
    return client
