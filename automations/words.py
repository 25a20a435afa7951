"""The names of what flows name by number, for whoever says a flow in words."""

from automations.models import Automation
from contacts.models import ContactList


def list_name(number: int) -> str:
    """Return a list's name; its number where it is gone."""
    return ContactList.objects.filter(pk=number).values_list("name", flat=True).first() or f"#{number}"


def automation_name(number: int) -> str:
    """Return an automation's name; its number where it is gone."""
    return Automation.objects.filter(pk=number).values_list("name", flat=True).first() or f"#{number}"
