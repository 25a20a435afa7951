"""Check a signature for somebody else: `verify-webhook-signature`."""

import json
import re
from typing import TYPE_CHECKING, Any

from integrations.sandbox.paypal.calls import Call
from integrations.sandbox.paypal.errors import lacking, malformed
from integrations.sandbox.paypal.signing import ALGORITHM, CERTIFICATES, message, verifies

if TYPE_CHECKING:
    from integrations.sandbox.paypal.shop import PayPalShop

_TEXTS = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time", "webhook_id")
_SPACE = re.compile(r"[ \t\r\n]*")


def verify(shop: "PayPalShop", call: Call) -> dict[str, str]:
    """Say SUCCESS or FAILURE; the event counts as it is written in the request, byte for byte. Raises PayPalError."""
    given = call.body()
    for name in (*_TEXTS, "webhook_event"):
        if name not in given:
            raise lacking(name, "body")
    raw = raw_member(call.request.body.decode(), "webhook_event")
    return {"verification_status": "SUCCESS" if _is_ours(shop, given, raw.encode()) else "FAILURE"}


def raw_member(text: str, name: str) -> str:
    """Cut a member out of a JSON object as it is written there. Raises PayPalError when there is none."""
    decoder = json.JSONDecoder()
    place = _past_space(text, text.index("{") + 1)
    while text[place] != "}":
        key, place = decoder.raw_decode(text, place)
        start = _past_space(text, _past_space(text, place) + 1)
        _, place = decoder.raw_decode(text, start)
        if key == name:
            return text[start:place]
        place = _past_space(text, place)
        place = _past_space(text, place + 1) if text[place] == "," else place
    raise malformed()


def _is_ours(shop: "PayPalShop", given: dict[str, Any], raw: bytes) -> bool:
    if not all(isinstance(given[name], str) for name in _TEXTS) or given["auth_algo"] != ALGORITHM:
        return False
    prefix = f"{shop.home}{CERTIFICATES}"
    certificate = shop.authority.find(given["cert_url"].removeprefix(prefix))
    is_good = certificate is not None and certificate["role"] == "leaf" and given["cert_url"].startswith(prefix)
    if certificate is None or not is_good or given["webhook_id"] not in shop.store["webhook"]:
        return False
    signed = message(given["transmission_id"], given["transmission_time"], given["webhook_id"], raw)
    return verifies(certificate, given["transmission_sig"], signed)


def _past_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
