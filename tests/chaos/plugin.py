"""A store's plugin, which writes by our API and repeats what was not answered."""

import time
from contextlib import suppress
from random import Random
from typing import Any

import requests

from tests.chaos.house import WEBS, House
from tests.chaos.notes import Notes, Write

BULK = "/api/v1/recurring-payments/bulk"
STATUSES = ("active", "payment_failed", "paused", "cancelled")
PATIENCE = 8.0  # seconds for which an answer is awaited
_TRIES = 4


class Plugin:
    """A store that writes by our API: each row under a name of its own, at the other server where one is away."""

    def __init__(self, house: House, notes: Notes, seed: int, key: str) -> None:
        self._house, self._notes, self._rng, self._seed = house, notes, Random(f"{seed}/plugin"), seed
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def step(self) -> None:
        """Write a row or, now and then, write one again that was answered long ago."""
        old = [one for one in self._notes.writes if one.outcome]
        if old and self._rng.random() < 0.15:
            one = self._rng.choice(old)
            one.repeated += self._send(one) is not None
            return
        number = len(self._notes.writes)
        payment = f"P-{self._rng.randint(1, 4 + number // 4)}"
        made = Write(
            key=f"{self._seed}-{number}",
            payment=payment,
            amount=f"{number + 1}.0000",  # of no two rows the same
            status=self._rng.choice(STATUSES),
        )
        self._notes.writes.append(made)
        made.outcome = self._send(made) or ""

    def _send(self, one: Write) -> str | None:
        """Send it until it is answered; None where it never was."""
        for number in range(_TRIES):
            web = WEBS[(number + self._rng.randint(0, 1)) % len(WEBS)]
            with suppress(requests.RequestException):
                answer = requests.post(
                    self._house.web(web) + BULK,
                    json={"recurring_payments": [_row(one)]},
                    headers=self._headers | {"Idempotency-Key": one.key},
                    timeout=PATIENCE,
                )
                if answer.status_code == 200:
                    return str(answer.json()["outcomes"][0]["outcome"])
                if answer.status_code not in {409, 429, 500, 502, 503}:
                    self._notes.surprises.append(f"the API answered {one.key} with {answer.status_code}")
            time.sleep(0.2)
        return None


def _row(one: Write) -> dict[str, Any]:
    return {
        "store_recurring_payment_id": one.payment,
        "status": one.status,
        "payment_amount": one.amount,
        "currency": "EUR",
        "email": f"{one.payment.lower()}@plugin.example",
    }
