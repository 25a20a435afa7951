"""The codes themselves: those that an app makes from the time (RFC 6238), and those that are put away."""

import base64
import hashlib
import secrets
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30  # seconds
DIGITS = 6
# How many steps a telephone's clock may be wrong by.
DRIFT = 1
ISSUER = "Ritournelle"
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_GROUP = 4
# Signs of a code to put away, with its hyphens.
RECOVERY_LENGTH = 19


def new_secret() -> str:
    """Return a secret of 160 bits in base 32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, *, name: str) -> str:
    """Return the otpauth address that an app reads from a QR code; `name` says whose it is."""
    return _totp(secret).get_provisioning_uri(name, ISSUER)


def at_step(secret: str, step: int) -> str:
    """Return the code of a step."""
    return _totp(secret).generate(step * STEP).decode()


def step_of(secret: str, code: str, *, at: float) -> int | None:
    """Say of which step a code is, of those that count at a moment (in seconds); None where it is of none.

    Every step is looked at, so that the time it takes tells nothing.
    """
    now, typed = int(at // STEP), _bare(code).encode()
    steps = range(now - DRIFT, now + DRIFT + 1)
    found = [step for step in steps if compare_digest(at_step(secret, step).encode(), typed)]
    return found[-1] if found else None


def new_recovery_codes() -> list[str]:
    """Make codes to put away, in groups of letters and digits."""
    return [_grouped(base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)]


def digest(code: str) -> str:
    """Return what is kept of a code to put away, however it is spaced and capitalised."""
    return hashlib.sha256(_bare(code).upper().encode()).hexdigest()


def _totp(secret: str) -> TOTP:
    # SHA-1 is what every app knows; its collisions are of no use against an HMAC
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303


def _bare(code: str) -> str:
    return "".join(sign for sign in code if sign.isalnum())


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP)).lower()
