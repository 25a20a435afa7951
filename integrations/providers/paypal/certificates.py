"""The certificate that proves a delivery: fetched from PayPal only, and believed only with its whole chain.

The sender names the certificate's address, so nothing is asked of any other host than PayPal's own; and since anybody
can make a certificate that verifies their own signature, its chain, name and dates are checked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import certifi
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from config import outgoing
from integrations.providers.base import BadDelivery

if TYPE_CHECKING:
    from integrations.models import Connection

NAME = "messageverificationcerts.paypal.com"
SANDBOX_NAME = "messageverificationcerts.sandbox.paypal.com"
LIVE_HOSTS = frozenset({"api.paypal.com", "api-m.paypal.com"})
SANDBOX_HOSTS = frozenset({"api.sandbox.paypal.com", "api-m.sandbox.paypal.com"})
LARGEST = 64 * 1024
TIMEOUT = 5.0
_KEPT = 100
_HTTPS = 443
_session = outgoing.session(may_be_private=True)  # of hosts on the list only
_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Proven:
    """A public key whose certificate was believed, and until when."""

    key: RSAPublicKey
    until: datetime


# whose names may be on it, for which pretend shop, at which address -> what was proven there
_proven: dict[tuple[tuple[str, ...], str, str], _Proven] = {}


def public_key(connection: "Connection", url: str) -> RSAPublicKey:
    """Return the key of the certificate at an address; raise BadDelivery for one that proves nothing."""
    _check_address(connection, url)
    place = (_names(connection), connection.api_address, url)
    known = _proven.get(place)
    if known is None or known.until <= datetime.now(UTC):
        known = _proof(connection, _fetched(_source(connection, url)))
        with _lock:
            if len(_proven) >= _KEPT:
                _proven.clear()
            _proven[place] = known
    return known.key


def _check_address(connection: "Connection", url: str) -> None:
    """Refuse every address that is not PayPal's."""
    try:
        is_paypals = _is_paypals(connection, urlsplit(url))
    except ValueError:
        is_paypals = False
    if not is_paypals or not url.isascii() or not url.isprintable() or len(url) > 1000:
        raise BadDelivery("The certificate's address is none of PayPal's.")


def _is_paypals(connection: "Connection", parts: SplitResult) -> bool:
    hosts = LIVE_HOSTS if connection.livemode else LIVE_HOSTS | SANDBOX_HOSTS
    # compared with what was written, so that neither user nor another port can hide in it
    return parts.scheme == "https" and parts.port in (None, _HTTPS) and parts.netloc.removesuffix(":443") in hosts


def _source(connection: "Connection", url: str) -> str:
    """Return where the certificate is fetched: for a test, at the same path of the pretend shop."""
    return f"{connection.api_address}{urlsplit(url).path}" if connection.api_address else url


def _fetched(url: str) -> bytes:
    try:
        with _session.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                raise BadDelivery("The certificate cannot be fetched.")
            body = bytearray()
            for piece in answer.iter_content(8192):
                body += piece
                if len(body) > LARGEST:
                    raise BadDelivery("The certificate is too large.")
            return bytes(body)
    except requests.RequestException:
        raise BadDelivery("The certificate cannot be fetched.") from None


def _proof(connection: "Connection", pem: bytes) -> _Proven:
    try:
        chain = x509.load_pem_x509_certificates(pem)
        key = chain[0].public_key()
    except ValueError:
        raise BadDelivery("The certificate is none.") from None
    roots = _test_roots(connection.api_address) if connection.api_address else _roots()
    if not any(_is_proven(chain, name, roots) for name in _names(connection)):
        raise BadDelivery("The certificate does not prove that PayPal signed.")
    if not isinstance(key, RSAPublicKey):
        raise BadDelivery("The certificate's key is of no kind that PayPal uses.")
    return _Proven(key, chain[0].not_valid_after_utc)


def _names(connection: "Connection") -> tuple[str, ...]:
    """Say to whom a certificate may be made out: the sandbox has a name of its own."""
    return (NAME,) if connection.livemode else (NAME, SANDBOX_NAME)


def _is_proven(chain: list[x509.Certificate], name: str, roots: Store) -> bool:
    """Check chain, name and dates."""
    verifier = PolicyBuilder().store(roots).time(datetime.now(UTC)).build_server_verifier(x509.DNSName(name))
    try:
        verifier.verify(chain[0], chain[1:])
    except (ValueError, VerificationError, x509.UnsupportedGeneralNameType):
        return False
    return True


@cache
def _roots() -> Store:
    return Store(x509.load_pem_x509_certificates(Path(certifi.where()).read_bytes()))


def _test_roots(shop: str) -> Store:
    """Return the root of a pretend shop, which has a chain of its own."""
    return Store(x509.load_pem_x509_certificates(_fetched(f"{shop}/_sandbox/ca.pem")))
