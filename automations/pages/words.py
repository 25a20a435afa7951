"""What the pages say of automations and of people in them."""

from django.utils.translation import gettext_lazy as _

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
# what each state means for people, beside its name
MEANINGS = {
    Automation.State.DRAFT: _("Nobody enters until it is published."),
    Automation.State.ACTIVE: _("People enter, and go on."),
    Automation.State.PAUSED: _("Nobody enters, and who is inside is held where they are."),
    Automation.State.ARCHIVED: _("It is put away; nobody is inside."),
}
