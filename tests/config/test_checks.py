"""Each mistake that a deployer can make is named, with a hint; a sound installation hears nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks.registry import registry

from config import checks, translations

ROOT = Path(__file__).parents[2]
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
DAYS = {"events": 90, "batches": 30, "imports": 30, "exports": 7, "emails": 730, "tracking": 365}
PRODUCTION = {
    "DEBUG": False,
    "SANDBOX": False,
    "PUBLIC_URL": "https://pay.example.com",
    "ALLOWED_HOSTS": [".example.com"],
    "ENCRYPTION_KEYS": [KEY],
    "MAILERS": {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}},
}


@pytest.fixture
def production(settings):
    """Settings as a sound installation has them."""
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    return settings


def _complaints():
    """Run those of Django's registered checks that are ours."""
    ours = [
        check for check in registry.get_checks(include_deployment_checks=True) if check.__module__ == checks.__name__
    ]
    return {message.id: message for check in ours for message in check(app_configs=None)}


def test_a_sound_installation_hears_nothing(production):
    assert _complaints() == {}


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("PUBLIC_URL", "pay.example.com", "config.E001"),
        ("PUBLIC_URL", "ftp://pay.example.com", "config.E001"),
        ("PUBLIC_URL", "https://pay.example.com/shop", "config.E001"),
        ("PUBLIC_URL", "", "config.E001"),
        ("ENCRYPTION_KEYS", [KEY, "short"], "config.E002"),
        ("ENCRYPTION_KEYS", [""], "config.E002"),
        ("SANDBOX", True, "config.E003"),
        ("TIME_ZONE", "Europe/Atlantis", "config.E004"),
        ("TIME_ZONE", "/etc/localtime", "config.E004"),
        ("CELERY_BROKER_URL", "carrier-pigeon://127.0.0.1", "config.E005"),
        ("CELERY_BROKER_URL", "127.0.0.1:6379", "config.E005"),
        ("ALLOWED_HOSTS", ["localhost"], "config.E006"),
        ("API_REQUESTS_PER_MINUTE", 0, "config.E007"),
        ("API_MAX_BYTES", -1, "config.E007"),
        ("REQUIRE_TWO_FACTOR", ["Administrator", "Manger"], "config.E011"),
        ("SESSION_IDLE_MINUTES", 0, "config.E012"),
        ("SESSION_HOURS", -1, "config.E012"),
        ("KEEP_DAYS", DAYS | {"events": 30}, "config.E013"),
        ("KEEP_DAYS", DAYS | {"exports": 0}, "config.E013"),
        ("KEEP_DAYS", DAYS | {"emails": 10**6}, "config.E013"),
        ("PUBLIC_URL", "http://pay.example.com", "config.W001"),
        ("MAILERS", {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}, "config.W005"),
        ("SECURE_SSL_REDIRECT", True, "config.W004"),
    ],
)
def test_a_mistake_is_named_with_a_hint(production, name, value, complaint):
    setattr(production, name, value)
    found = _complaints()
    assert set(found) == {complaint}
    assert found[complaint].hint


def test_a_key_that_is_none_is_not_shown(production):
    production.ENCRYPTION_KEYS = [KEY, "a-slip-of-the-hand"]
    [message] = checks.encryption_keys_are_keys()
    assert "key 2 of 2" in message.msg
    assert "slip" not in f"{message.msg} {message.hint}"


def test_the_demo_on_ones_own_machine_is_no_mistake(settings):
    settings.SANDBOX, settings.DEBUG = True, False
    for url in ("http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"):
        settings.PUBLIC_URL = url
        settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
        assert _complaints() == {}


def test_french_that_is_not_compiled_is_named(production, monkeypatch):
    monkeypatch.setattr(translations, "is_stale", lambda: True)
    assert set(_complaints()) == {"config.W002"}


def test_static_files_that_are_not_collected_are_named(production, tmp_path):
    production.STATIC_ROOT = tmp_path
    production.STORAGES = {
        **production.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    assert set(_complaints()) == {"config.W003"}


def test_the_product_passes_its_own_check_in_production(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "a long and random one, for these few seconds only: 0123456789",
        "ENCRYPTION_KEYS": KEY,
        "PUBLIC_URL": "https://pay.example.com",
        "ALLOWED_HOSTS": "pay.example.com",
        "BEHIND_PROXY": "1",
        "EMAIL_URL": "smtp+tls://user:password@mail.example.com:587",
    }
    for command in (["collectstatic", "--noinput"], ["check", "--deploy", "--fail-level", "ERROR"]):
        line = [sys.executable, "manage.py", *command]
        done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert "config." not in done.stdout + done.stderr
