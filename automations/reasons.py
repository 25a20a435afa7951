"""What the words mean by which the engine says what came of a step, why somebody stands still, and why a way ended."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# what came of a step
OUTCOMES: Mapping[str, Any] = {
    "done": _("Done"),
    "waited": _("The wait is over"),
    "no_date": _("Went on, since the recurring payment has no such date"),
    "date_is_past": _("Went on, since that day was past"),
    "true": _("It has become true"),
    "time_out": _("The time was up"),
    "reached": _("Goal reached"),
    "not_reached": _("Went on without the goal"),
    "yes": _("Yes"),
    "no": _("No"),
    "sent": _("Sent"),
    "uncertain": _("It is not known whether it was sent: something failed while the mail server had it"),
    "suppressed": _("Not sent"),
    "failed": _("Failed"),
    "cancelled": _("Not needed any more"),
    "skipped": _("Went on at once"),
    "not_done": _("Not done in a test"),
    "sent_to_you": _("Sent to you"),
}
# why a way is over before the end
ENDS: Mapping[str, Any] = {
    "end": _("The way ends at this step"),
    "goal_not_reached": _("Ended here, since the goal was not reached"),
    "other_automation": _("Ended by another automation"),
    "by_hand": _("Ended by hand"),
    "archived": _("Ended when the automation was put into the archive"),
    "circle": _("Not let in: automations that start each other had gone round in a circle"),
    "merged": _("Went on in the contact that this one was merged into"),
}
# why something is not sent, or cannot be done
PROBLEMS: Mapping[str, Any] = {
    "gone": _("The person has just been erased, or joined with another contact"),
    "no_address": _("There is no e-mail address"),
    "bounced": _("The address has bounced for good"),
    "complained": _("The person has reported an e-mail of ours as spam"),
    "not_subscribed": _("They are subscribed to no list, and this e-mail is marketing"),
    "not_on_the_list": _("They are no longer subscribed to a list to which it goes"),
    "no_segment": _("The segment is gone, or asks for something that is gone"),
    "address_refused": _("The mail server refused the address"),
    "refused": _("The mail server refused it"),
    "unreachable": _("It cannot be reached just now; it is tried again"),
    "webhook_unreachable": _("The receiver cannot be reached just now; it is tried again"),
    "webhook_off": _("The address is switched off, since it failed for long; somebody can switch it on again"),
    "webhook_refused": _("The receiver refused the call"),
    "no_campaign": _("The e-mail is gone, or was never put into use"),
    "no_payment": _("The e-mail speaks of a recurring payment, and there is none"),
    "template": _("A tag cannot be carried out for this person"),
    "language": _("This is no language that is known here"),
    "conditions": _("The conditions name something that is gone"),
    "no_list": _("The list is gone"),
    "no_automation": _("The automation is gone"),
    "error": _("Something unexpected failed"),
}
# why somebody is not let in
REFUSALS: Mapping[str, Any] = {
    "gone": _("There is no such contact any more"),
    "not_active": _("That automation is not active"),
    "payment_of_somebody_else": _("The recurring payment belongs to somebody else"),
    "needs_payment": _("It counts recurring payments, so one must be named"),
    "ran_already": _("They have run through it already, and may not again"),
}
KNOWN: Mapping[str, Any] = {**OUTCOMES, **ENDS, **PROBLEMS, **REFUSALS}


def say(word: str) -> str:
    """Say what a word means, in the reader's language; one that is not known stays as it is."""
    return str(KNOWN.get(word, word))
