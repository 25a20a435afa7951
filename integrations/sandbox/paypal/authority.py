"""Certificates of the shop's own: a root, an intermediate, and leaves in PayPal's name, good and bad ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from integrations.sandbox.store import Record, Table

NAME = "messageverificationcerts.paypal.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Role:
    """What a certificate is for: `issuer` is the role that signs it, `days` its validity around today."""

    issuer: str
    name: str
    is_authority: bool = False
    days: tuple[int, int] = (-90, 1800)


_ROLES = {
    "root": _Role(issuer="root", name="Sandbox Root CA", is_authority=True, days=(-900, 3600)),
    "intermediate": _Role(issuer="root", name="Sandbox Issuing CA", is_authority=True, days=(-400, 3000)),
    "leaf": _Role(issuer="intermediate", name=NAME),
    "sandbox leaf": _Role(issuer="intermediate", name="messageverificationcerts.sandbox.paypal.com"),
    "expired": _Role(issuer="intermediate", name=NAME, days=(-390, -2)),
    "misnamed": _Role(issuer="intermediate", name="messageverificationcerts.example.com"),
    "foreign root": _Role(issuer="foreign root", name="Sandbox Root CA", is_authority=True, days=(-900, 3600)),
    "foreign intermediate": _Role(
        issuer="foreign root", name="Sandbox Issuing CA", is_authority=True, days=(-400, 3000)
    ),
    "foreign leaf": _Role(issuer="foreign intermediate", name=NAME),
}


class Authority:
    """Issue and keep certificates; each is made when it is first needed, and lasts as long as the table.

    `issued` is called after each new one.
    """

    def __init__(self, table: Table, *, issued: Callable[[], None] = lambda: None) -> None:
        self._table, self._issued = table, issued

    def newest(self, role: str) -> Record:
        """Find the newest certificate of a role, or issue one."""
        found = [one for one in self._table if one["role"] == role]
        return found[-1] if found else self._issue(role)

    def renew(self, role: str) -> Record:
        """Issue another certificate of a role; the old ones can still be had."""
        self.newest(role)
        return self._issue(role)

    def find(self, identity: str) -> Record | None:
        """Find a certificate by its id."""
        return self._table.get(identity)

    def chain(self, record: Record) -> str:
        """Write a certificate with the one that issued it, as PEM."""
        issuer = self._table[record["issuer"]]
        return str(record["pem"] + issuer["pem"])

    def _issue(self, role: str) -> Record:
        wanted = _ROLES[role]
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        issuer = None if wanted.issuer == role else self.newest(wanted.issuer)
        certificate = _certificate(wanted, key, issuer)
        identity = "CERT-" + "-".join(uuid4().hex[part : part + 8] for part in (0, 8, 16))
        record = {
            "id": identity,
            "created": len(self._table),
            "role": role,
            "issuer": issuer["id"] if issuer else identity,
            "key": _key_text(key),
            "pem": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        }
        self._table.put(record)
        self._issued()
        return record


def private_key(record: Record) -> rsa.RSAPrivateKey:
    """Read the private key of a certificate."""
    return _read_key(record["key"])


def public_key(record: Record) -> rsa.RSAPublicKey:
    """Read the public key of a certificate."""
    return private_key(record).public_key()


@lru_cache(maxsize=64)
def _read_key(text: str) -> rsa.RSAPrivateKey:
    """Read a key once: that takes thirty times as long as signing with it."""
    key = serialization.load_pem_private_key(text.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("Certificates here have RSA keys.")
    return key


def _key_text(key: rsa.RSAPrivateKey) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def _certificate(role: _Role, key: rsa.RSAPrivateKey, issuer: Record | None) -> x509.Certificate:
    signing_key = private_key(issuer) if issuer else key
    above = x509.load_pem_x509_certificate(issuer["pem"].encode()).subject if issuer else _subject(role)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_subject(role))
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=role.days[0]))
        .not_valid_after(now + timedelta(days=role.days[1]))
        .add_extension(x509.BasicConstraints(ca=role.is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(_usage(role), critical=True)
    )
    if not role.is_authority:
        names = x509.SubjectAlternativeName([x509.DNSName(role.name)])
        builder = builder.add_extension(names, critical=False).add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
    return builder.sign(signing_key, hashes.SHA256())


def _subject(role: _Role) -> x509.Name:
    known = (
        (NameOID.COUNTRY_NAME, "US"),
        (NameOID.ORGANIZATION_NAME, "Pretend PayPal"),
        (NameOID.COMMON_NAME, role.name),
    )
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in known])


def _usage(role: _Role) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not role.is_authority,
        key_cert_sign=role.is_authority,
        crl_sign=role.is_authority,
        key_encipherment=False,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
