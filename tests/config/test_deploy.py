"""The examples of deployment hold: what they name exists (variables, queues, commands, figures); tools read them."""

import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.base import CLIContext
from celery.bin.beat import beat
from celery.bin.worker import worker
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from prometheus_client import REGISTRY

from config.celery import QUEUES
from config.celery import app as celery
from config.metrics.gauges import Collector

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
GUIDE = ROOT / "docs" / "deployment.md"
UNITS = sorted(DEPLOY.glob("*.service"))
ENVIRONMENTS = sorted(DEPLOY.glob("*.env"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
# What the examples themselves, or their images, read.
THEIRS = {"BIND", "QUEUES", "CONCURRENCY", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "PYTHONUNBUFFERED",
          "PYTHONDONTWRITEBYTECODE"}  # fmt: skip
BIN = Path(sys.executable).parent


def settings() -> set[str]:
    """Name the variables that the settings read."""
    text = (ROOT / "config" / "settings.py").read_text()
    return set(re.findall(r"(?:env\.\w+|_required)\(\s*\"([A-Z_]+)\"", text)) - {"DEBUG", "SANDBOX"}


def variables(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def commands() -> dict[str, list[str]]:
    """Return what the units and the compose file run, with what their variables say."""
    told = {}
    for path in UNITS:
        [line] = re.findall(r"^ExecStart=(.*)$", path.read_text(), re.MULTILINE)
        for name, value in {"BIND": "127.0.0.1:0", "QUEUES": "mail", "CONCURRENCY": "2"}.items():
            line = line.replace(f"${{{name}}}", value)
        told[path.name] = shlex.split(line)
    told |= {
        name: list(one["command"]) for name, one in COMPOSE["services"].items() if name != "valkey" and "command" in one
    }
    [image] = re.findall(r"^CMD (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    return told | {"Dockerfile": yaml.safe_load(image)}


def test_the_guide_names_each_variable_of_the_settings_and_no_other() -> None:
    rows = [line for line in GUIDE.read_text().splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])}
    assert named == settings()


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.name)
def test_the_variables_of_the_environments_exist(path: Path) -> None:
    assert variables(path).keys() <= settings() | THEIRS


def test_the_variables_of_the_image_and_of_compose_exist() -> None:
    image = re.findall(r"[ ]([A-Z_]{4,})=(?=\S)", (DEPLOY / "Dockerfile").read_text())
    told = {name for one in COMPOSE["services"].values() for name in one.get("environment", {})}
    assert {*image, *told} <= settings() | THEIRS


def test_each_queue_has_one_worker_in_both_examples() -> None:
    of_units = [queue for path in ENVIRONMENTS for queue in variables(path).get("QUEUES", "").split(",") if queue]
    of_compose = [queue for one in commands().values() for queue in _after(one, "-Q").split(",") if queue]
    assert sorted(of_units) == sorted(QUEUES)
    assert sorted(of_compose) == sorted([*QUEUES, "mail"])  # and what stands in place of the unit's variable


def _after(command: list[str], option: str) -> str:
    return command[command.index(option) + 1] if option in command else ""


@pytest.mark.parametrize(("name", "command"), commands().items(), ids=commands())
def test_commands_are_what_their_programs_understand(name: str, command: list[str]) -> None:
    program, *rest = command
    if program.endswith("gunicorn"):
        done = subprocess.run([BIN / "gunicorn", "--check-config", *rest], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    elif program.endswith("celery"):
        app, what, *options = rest[1:]
        assert (app, what in ("worker", "beat")) == ("config", True)
        parsed = {"worker": worker, "beat": beat}[what].make_context(
            what, list(options), obj=CLIContext(app=celery, no_color=True, workdir=".")
        )
        assert parsed.params
    else:
        assert (program, rest[0], rest[1]) == ("python", "manage.py", "migrate")


def test_compose_reuses_what_it_says_and_waits_for_what_there_is() -> None:
    services = COMPOSE["services"]
    assert {"image", "environment"} <= services["web"].keys()
    waits = {other for one in services.values() for other in one.get("depends_on", {})}
    assert waits <= services.keys()
    used = {volume.partition(":")[0] for one in services.values() for volume in one.get("volumes", ())}
    assert used == COMPOSE["volumes"].keys()


@pytest.mark.django_db
def test_the_figures_of_the_alerts_exist() -> None:
    rules = [rule for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
    named = {name for rule in rules for name in re.findall(r"ritournelle_\w+", rule["expr"])}
    known = {family.name for family in Collector().collect()}
    known |= {f"{family.name}_total" for family in REGISTRY.collect() if family.type == "counter"}
    assert named <= known


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus is not installed")
def test_prometheus_reads_its_files() -> None:
    for command in (("check", "rules", "alerts.yml"), ("check", "config", "--syntax-only", "prometheus.yml")):
        assert subprocess.run(("promtool", *command), cwd=DEPLOY, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_reads_the_units(path: Path, tmp_path: Path) -> None:
    name = path.name.replace("@", "@mail")
    (tmp_path / name).write_text(path.read_text().replace("/srv/ritournelle/.venv/bin", str(BIN)))
    command = ("systemd-analyze", "verify", "--man=no", str(tmp_path / name))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if name in line or "ritournelle" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_reads_its_file(tmp_path: Path) -> None:
    _certify(tmp_path)
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/ssl/ritournelle", str(tmp_path))
    text = (
        text.replace("/var/log/nginx", str(tmp_path))
        .replace("listen 443", "listen 18443")
        .replace("listen 80;", "listen 18080;")
    )
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\n{text}")
    command = ("nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "[warn]" in done.stderr) == (0, False), done.stderr


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "payments.example.com")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)
