"""What the demo has of automations."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from automations import publishing
from automations.flow.mistakes import FlowError
from automations.models import Automation

pytestmark = pytest.mark.django_db


def test_it_has_automations_of_each_state_and_makes_them_once(settings: Any) -> None:
    settings.SANDBOX = True
    call_command("prepare_demo_automations")
    states = dict(Automation.objects.values_list("name", "state"))
    assert states["Failed payment"] == states["Renewal reminder"] == states["Welcome"] == "active"
    assert (states["Win back"], states["Trial tips"]) == ("paused", "draft")
    Automation.objects.filter(name="Welcome").delete()
    call_command("prepare_demo_automations")
    assert Automation.objects.count() == len(states) - 1


def test_its_draft_has_mistakes_to_be_mended(settings: Any) -> None:
    settings.SANDBOX = True
    call_command("prepare_demo_automations")
    with pytest.raises(FlowError) as error:
        publishing.publish(Automation.objects.get(name="Trial tips"))
    assert error.value.errors.keys() == {"steps[0].for", "steps[1].campaign", "steps[2].list"}


def test_it_is_for_the_demo_only(settings: Any) -> None:
    settings.SANDBOX = False
    with pytest.raises(CommandError):
        call_command("prepare_demo_automations")
