"""Allowances: a burst, then one at a time; each for itself, and over all processes."""

import pytest
from django.test import RequestFactory

from config.limits import addresses, allowances
from config.limits.models import Allowance
from tests.statements import statements

THREE = allowances.Limit(name="of the tests", burst=3, seconds=60)


@pytest.mark.django_db
def test_a_burst_is_allowed_and_then_one_at_a_time(monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(allowances.time, "time", lambda: now)
    assert [allowances.take(THREE, "ada") for _ in range(5)] == [0, 0, 0, 20, 20]
    assert allowances.take(THREE, "bob") == 0
    now += 20
    assert [allowances.take(THREE, "ada") for _ in range(2)] == [0, 20]
    allowances.give_back(THREE, "ada")
    assert [allowances.take(THREE, "ada") for _ in range(2)] == [0, 20]
    now += 60
    assert [allowances.take(THREE, "ada") for _ in range(4)] == [0, 0, 0, 20]


@pytest.mark.django_db
def test_a_try_costs_one_statement_whether_it_is_taken_or_refused():
    for _ in range(5):
        with statements() as found:
            allowances.take(THREE, "ada")
        assert len(found) == 1


@pytest.mark.django_db
def test_whoever_has_the_whole_allowance_again_is_forgotten(monkeypatch):
    allowances.take(THREE, "ada")
    assert allowances.sweep() == 0
    later = allowances.time.time() + 61
    monkeypatch.setattr(allowances.time, "time", lambda: later)
    assert (allowances.sweep(), Allowance.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("proxied", "remote", "forwarded", "address"),
    [
        (False, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (True, "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        (True, "127.0.0.1", "forged, 203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (True, "192.0.2.1", None, "192.0.2.1"),
        (True, "127.0.0.1", "nonsense", "unknown"),
        (False, "", None, "unknown"),
        (False, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (False, "::ffff:192.0.2.1", None, "192.0.2.1"),
    ],
)
def test_an_address_is_what_the_nearest_proxy_says(settings, proxied, remote, forwarded, address):
    settings.BEHIND_PROXY = proxied
    told = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert addresses.of(RequestFactory().get("/", REMOTE_ADDR=remote, **told)) == address
