"""Sign deliveries as PayPal does, and wrongly when told to."""

import base64
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from integrations.sandbox.delivery import Delivery
from integrations.sandbox.paypal.authority import Authority, private_key, public_key
from integrations.sandbox.paypal.faults import PayPalFaults
from integrations.sandbox.paypal.moments import written
from integrations.sandbox.periods import DAY
from integrations.sandbox.sending import Headers
from integrations.sandbox.store import Record

ALGORITHM = "SHA256withRSA"
CERTIFICATES = "/v1/notifications/certs/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """How one delivery is signed; `at` is in seconds since 1970, `address` where the certificate is said to be."""

    id: str
    at: int
    role: str = "leaf"
    address: str = ""
    suffix: str = ""
    algorithm: str = ALGORITHM
    is_forged: bool = False


def transmission(delivery: Delivery, *, home: str, is_forged: bool) -> Transmission:
    """Make the transmission of a delivery; it stays the same however often it is tried."""
    identity = uuid5(NAMESPACE_URL, f"{delivery.event}/{delivery.endpoint}/{delivery.made}")
    return Transmission(id=str(identity), at=int(delivery.made), address=home, is_forged=is_forged)


def spoilt(sending: Transmission, faults: PayPalFaults) -> Transmission:
    """Spoil a transmission with whatever faults strike."""
    for name, spoil in _SPOILING.items():
        if faults.strikes(name):
            sending = spoil(sending)
    return sending


def headers_for(body: bytes, webhook: str, sending: Transmission, authority: Authority) -> Headers:
    """Make the headers of a delivery to a webhook."""
    certificate = authority.newest(sending.role)
    moment = written(sending.at)
    signed = message(sending.id, moment, webhook, body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "PayPal/AUHD-214.0-sandbox",
        "PAYPAL-AUTH-ALGO": sending.algorithm,
        "PAYPAL-CERT-URL": f"{sending.address}{CERTIFICATES}{certificate['id']}{sending.suffix}",
        "PAYPAL-TRANSMISSION-ID": sending.id,
        "PAYPAL-TRANSMISSION-SIG": _signature(certificate, signed + b"0" * sending.is_forged),
        "PAYPAL-TRANSMISSION-TIME": moment,
    }


def message(identity: str, moment: str, webhook: str, body: bytes) -> bytes:
    """Write what is signed: the checksum is of the raw bytes, as an unsigned decimal."""
    return f"{identity}|{moment}|{webhook}|{zlib.crc32(body)}".encode()


def verifies(certificate: Record, signature: str, signed: bytes) -> bool:
    """Check a signature."""
    try:
        raw = base64.b64decode(signature, validate=True)
        public_key(certificate).verify(raw, signed, padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature):
        return False
    return True


def _signature(certificate: Record, signed: bytes) -> str:
    return base64.b64encode(private_key(certificate).sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()


def _at(change: Callable[[str], str], sending: Transmission) -> Transmission:
    return replace(sending, address=change(sending.address))


_SPOILING: Mapping[str, Callable[[Transmission], Transmission]] = {
    "foreign_root": partial(replace, role="foreign leaf"),
    "expired_certificate": partial(replace, role="expired"),
    "wrong_name": partial(replace, role="misnamed"),
    "lone_certificate": partial(replace, suffix="-alone"),
    "redirected": partial(replace, suffix="-moved"),
    "oversized": partial(replace, suffix="-padded"),
    "other_algorithm": partial(replace, algorithm="SHA1withRSA"),
    "old_time": lambda sending: replace(sending, at=sending.at - 5 * DAY),
    "other_host": partial(_at, lambda home: f"{home}.example.com"),
    "plain_http": partial(_at, lambda home: home.replace("https:", "http:")),
    "user_info": partial(_at, lambda home: home.replace("//", "//paypal@")),
    "other_port": partial(_at, lambda home: f"{home}:8443"),
}
