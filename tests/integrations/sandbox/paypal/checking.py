"""A receiver's check of a delivery, written from the facts and not from the shop's own code."""

import base64
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from tests.integrations.sandbox.conftest import Answer, ask

HOSTS = {"api.sandbox.paypal.com", "api-m.sandbox.paypal.com"}
LARGEST = 64 * 1024


class Refused(Exception):
    """A delivery that must not be believed; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Check deliveries to a webhook; what answers at `port` stands in for PayPal's hosts."""

    port: int
    webhook: str
    root: bytes

    def __call__(self, body: bytes, headers: Mapping[str, str], *, skip: frozenset[str] = frozenset()) -> None:
        """Refuse whatever is not PayPal's. Raises Refused."""
        steps: dict[str, Callable[[], None]] = {
            "algorithm": lambda: self._algorithm(headers),
            "age": lambda: self._age(headers["PAYPAL-TRANSMISSION-TIME"]),
            "signature": lambda: self.signature(self.chain(headers["PAYPAL-CERT-URL"]), body, headers),
        }
        for name, step in steps.items():
            if name not in skip:
                step()

    def _algorithm(self, headers: Mapping[str, str]) -> None:
        if headers["PAYPAL-AUTH-ALGO"] != "SHA256withRSA":
            raise Refused("algorithm")

    def _age(self, moment: str) -> None:
        if abs(datetime.now(UTC) - datetime.fromisoformat(moment)) > timedelta(days=4):
            raise Refused("age")

    def signature(self, leaf: x509.Certificate, body: bytes, headers: Mapping[str, str]) -> None:
        """Check a signature with a certificate. Raises Refused."""
        parts = (
            headers["PAYPAL-TRANSMISSION-ID"],
            headers["PAYPAL-TRANSMISSION-TIME"],
            self.webhook,
            str(zlib.crc32(body)),
        )
        signature = base64.b64decode(headers["PAYPAL-TRANSMISSION-SIG"])
        try:
            leaf.public_key().verify(signature, "|".join(parts).encode(), PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise Refused("signature") from error

    def chain(self, url: str) -> x509.Certificate:
        """Fetch a certificate and check where it comes from. Raises Refused."""
        answer = self.fetch(url)
        if answer.status != 200:
            raise Refused("redirect")
        if len(answer.body) > LARGEST:
            raise Refused("size")
        leaf, *others = x509.load_pem_x509_certificates(answer.body)
        name = x509.DNSName("messageverificationcerts.paypal.com")
        trusted = Store(x509.load_pem_x509_certificates(self.root))
        try:
            PolicyBuilder().store(trusted).build_server_verifier(name).verify(leaf, others)
        except VerificationError as error:
            raise Refused(f"chain: {error}") from error
        return leaf

    def fetch(self, url: str) -> Answer:
        """Fetch from the shop what is at an address of PayPal's. Raises Refused for any other address."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.port not in (None, 443) or parts.username is not None:
            raise Refused("address")
        if parts.hostname not in HOSTS:
            raise Refused("host")
        return ask(self, parts.path, Authorization="")
