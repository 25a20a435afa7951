"""What the demo reads, keeps and refuses before anything is started."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from config.demo import memory, plan, ports

ROOT = Path(__file__).parents[2]


@pytest.fixture
def busy_port():
    """A port at which somebody listens."""
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def _recall(tmp_path, **wanted):
    return memory.recall(tmp_path / "demo.json", **{"taken": 1, **wanted})


def test_secrets_are_made_once_and_kept(tmp_path):
    first = _recall(tmp_path)
    assert _recall(tmp_path) == first
    assert Fernet(first.encryption_keys)
    assert len(first.secret_key) >= 50
    assert len(first.password) >= 12


def test_secrets_are_for_their_owner_only(tmp_path):
    before = os.umask(0)
    try:
        _recall(tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600


def test_a_given_password_is_the_new_one(tmp_path):
    made_up = _recall(tmp_path).password
    assert _recall(tmp_path, password="given by hand").password == "given by hand" != made_up
    assert _recall(tmp_path).password == "given by hand"


def test_each_shop_keeps_its_port_until_that_is_in_use(tmp_path, busy_port):
    kept = _recall(tmp_path).ports
    assert sorted(kept) == ["api", "mail", "paypal", "stripe", "woocommerce"]
    assert len(set(kept.values())) == 5
    assert _recall(tmp_path).ports == kept
    assert _recall(tmp_path, taken=kept["paypal"]).ports["paypal"] != kept["paypal"]
    file = tmp_path / "demo.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"ports": kept | {"stripe": busy_port}}))
    moved = _recall(tmp_path).ports
    assert moved["stripe"] != busy_port
    assert (moved["woocommerce"], moved["api"]) == (kept["woocommerce"], kept["api"])


def test_what_a_demo_of_one_shop_kept_is_still_good(tmp_path):
    now = _recall(tmp_path)
    file = tmp_path / "demo.json"
    told = json.loads(file.read_text())
    ports_then = told.pop("ports")
    file.write_text(json.dumps(told | {"shop_port": ports_then["stripe"]}))
    then = _recall(tmp_path)
    assert (then.secret_key, then.password, then.ports["stripe"]) == (now.secret_key, now.password, now.ports["stripe"])
    assert len(set(then.ports.values())) == 5


def test_a_port_in_use_is_refused(busy_port):
    with pytest.raises(plan.Refused, match=f"Port {busy_port} is in use"):
        plan.read({"PORT": str(busy_port)})


@pytest.mark.parametrize("port", ["eight", "0", "-1", "65536", "80.5"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(plan.Refused, match="PORT is no port"):
        plan.read({"PORT": port})


def test_two_demos_cannot_work_on_the_same_data(tmp_path):
    with plan.lock(tmp_path), pytest.raises(plan.Refused, match="Another demo works on"):
        plan.lock(tmp_path)
    plan.lock(tmp_path).close()


def test_a_refusal_is_one_plain_line(tmp_path, busy_port):
    environment = os.environ | {"PORT": str(busy_port), "DATA_DIR": str(tmp_path / "never-made")}
    command = [sys.executable, "-m", "config.demo"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"make demo PORT={busy_port + 1}" in done.stderr
    assert not (tmp_path / "never-made").exists()


def test_processes_see_a_production_on_this_machine_alone(tmp_path):
    wish = plan.read({"PORT": str(ports.any_free()), "DATA_DIR": str(tmp_path)})
    seen = plan.environment(
        wish,
        secret_key="s",
        encryption_keys="e",
        password="p",
        broker="redis://127.0.0.1:1/0",
        mail="smtp://127.0.0.1:2",
    )
    assert seen["DEBUG"] == "0"
    assert seen["SANDBOX"] == "1"
    assert seen["PUBLIC_URL"] == f"http://127.0.0.1:{wish.port}"
    assert "127.0.0.1" in seen["NO_PROXY"].split(",")
    assert seen["DATA_DIR"] == str(tmp_path)
