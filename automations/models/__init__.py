"""Automations with their versions, the people in them, what is sent for them, and what may start them."""

from automations.models.automations import Automation, AutomationVersion, Trigger
from automations.models.campaigns import Campaign, CampaignVersion, Sender, Sheet
from automations.models.engagements import Engagement
from automations.models.enrolments import Enrolment, Passage
from automations.models.forgotten import Forgotten
from automations.models.intakes import Intake
from automations.models.labels import Label
from automations.models.mailings import Mailing
from automations.models.occurrences import Occurrence, Pending
from automations.models.outgoing import Call, Message
from automations.models.receivers import Receiver

__all__ = [
    "Automation",
    "AutomationVersion",
    "Call",
    "Campaign",
    "CampaignVersion",
    "Engagement",
    "Enrolment",
    "Forgotten",
    "Intake",
    "Label",
    "Mailing",
    "Message",
    "Occurrence",
    "Passage",
    "Pending",
    "Receiver",
    "Sender",
    "Sheet",
    "Trigger",
]
