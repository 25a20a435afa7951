"""Requests that leave for addresses which people, or senders, have named: never into a private network by surprise.

Each name is resolved once, and the connection goes to the very address that was looked at, so that a name which
changes its mind in between leads nowhere else. Redirects are not followed.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def session(*, may_be_private: bool = False) -> requests.Session:
    """Return a session whose requests reach public addresses, and private ones where a deployer allows them.

    `may_be_private` is for addresses that the deployer has named.
    """
    made = requests.Session()
    made.trust_env = False  # a proxy would connect for us, to wherever it likes
    made.max_redirects = 0
    if not may_be_private:
        for scheme in ("http://", "https://"):
            made.mount(scheme, _GuardedAdapter())
    return made


def is_allowed(address: str) -> bool:
    """Whether requests may go to this IP address: a public one, or one of ALLOWED_PRIVATE_NETWORKS."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return all(_is_public(one) or _is_listed(one) for one in _meant(found))


def _meant(address: _Address) -> Iterable[_Address]:
    """Yield the address, and those that it carries inside: a tunnel leads to them."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        inside = (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()))
        yield from (one for one in inside if one)
        if any(address in network for network in _ENDING_IN_V4):
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


# translated by a gateway, and the old form that some systems still read as IPv4
_ENDING_IN_V4 = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "::/96")))


def _is_public(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return True  # the address inside is looked at too
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _is_listed(address: _Address) -> bool:
    return any(address in ipaddress.ip_network(network) for network in settings.ALLOWED_PRIVATE_NETWORKS)


class _Guarded(HTTPConnection):
    """A connection that goes only where it may."""

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            self._dns_host = _allowed_address(self, name)
            return super()._new_conn()
        finally:
            self._dns_host = name  # it also names whom TLS must prove


def _allowed_address(connection: HTTPConnection, name: str) -> str:
    try:
        found = socket.getaddrinfo(name, connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NewConnectionError(connection, f"{name} has no address") from error
    for *_, address in found:
        if is_allowed(str(address[0])):
            return str(address[0])
    raise NewConnectionError(connection, f"{name} is an address of a private network")


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same with TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class _GuardedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        self.poolmanager = PoolManager(num_pools=args[0], maxsize=args[1], block=kwargs.get("block", False))
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
