"""How the pages show the states of automations and of people in them."""

from automations.models import Automation, Enrolment

# state -> icon and colour of its pill
LOOKS = {
    Automation.State.DRAFT: ("edit_note", "rt-mute"),
    Automation.State.ACTIVE: ("play_circle", "rt-good"),
    Automation.State.PAUSED: ("pause_circle", "rt-warn"),
    Automation.State.ARCHIVED: ("inventory_2", "rt-mute"),
}
LOOKS_OF_PEOPLE = {
    Enrolment.State.ACTIVE: ("directions_walk", "rt-calm"),
    Enrolment.State.HELD: ("pause_circle", "rt-warn"),
    Enrolment.State.PARKED: ("error", "rt-bad"),
    Enrolment.State.FINISHED: ("check_circle", "rt-good"),
    Enrolment.State.ENDED: ("stop_circle", "rt-mute"),
}
