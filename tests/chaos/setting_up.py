"""A house is set up as a person would do it: shops connected, people of the team, automations published."""

from dataclasses import dataclass
from typing import Any

from django.core.management import call_command

from automations import publishing
from contacts.models import ContactList
from integrations.models import Connection
from tests.automations.flows import flow, step
from tests.chaos.house import SHOPS, House
from tests.chaos.people import TAG

# the step at which people wait for a minute, which is made to pass
PAUSE = "pause"
_OPTIONS = {"stripe": "stripe", "paypal": "paypal", "woocommerce": "woocommerce"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What those who live around the house are told: the key of the store that writes, and the lists."""

    key: str
    lists: list[int]


def set_up(house: House) -> Known:
    """Connect the shops and begin to read their history, and publish automations; the web servers must answer."""
    key_file = house.place.data / "store.key"
    addresses = {_OPTIONS[kind]: house.shop(kind) for kind in SHOPS}
    call_command("prepare_demo", verbosity=0, **addresses, key_file=key_file, stdout=_Nowhere())
    call_command("prepare_demo_automations", verbosity=0)
    for name, drawn in _automations(f"http://127.0.0.1:{house.wires['hooks'].port}/hook").items():
        publishing.publish(publishing.create(name=name, draft=drawn))
    assert Connection.objects.count() == len(SHOPS) + 1
    return Known(key=key_file.read_text().strip(), lists=list(ContactList.objects.values_list("pk", flat=True)))


def _automations(hook: str) -> dict[str, Any]:
    """Draw one of each rule how often, with each way out of the house."""
    call = step("webhook", url=hook)
    created = {"id": "t1", "on": "created"}
    failed = {"id": "t1", "on": "updated", "field": "status", "to": "payment_failed"}
    moved = {"id": "t1", "on": "updated", "field": "status"}
    tagged = {"id": "t1", "on": "tagged", "tag": TAG}
    minute = step("wait", PAUSE, **{"for": {"n": 1, "unit": "minutes"}})
    return {
        "Each payment once": flow(_mail("Welcome"), _tag("welcomed"), on=created, runs="once_a_payment"),
        "Each failure": flow(_mail("It failed"), minute, call, _tag("failed"), on=failed, runs="every_time"),
        "Each person once": flow(call, _tag("moved"), on=moved, runs="once_a_contact"),
        "Whoever is tagged": flow(_mail("You are special"), on=tagged, runs="once_a_contact"),
    }


def _tag(name: str) -> dict[str, Any]:
    return step("tag", tag=name)


def _mail(subject: str) -> dict[str, Any]:
    body = '<p>Text, and <a href="https://shop.example/more">more of it</a></p>'
    return step("email", subject=subject, body=body, about="service")


class _Nowhere:
    """A place for what a command says."""

    def write(self, _words: str) -> None:
        """Forget it."""

    def isatty(self) -> bool:
        """It is no terminal."""
        return False
