"""The acts that the audit log knows, each with a name and a sentence; whoever adds an act adds a line here."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Action:
    """An act's name, its sentence, and what it is about where it names no thing.

    Sentences may use `who`, `what` (with its kind), `name` (without) and the details."""

    title: Words
    sentence: Any  # plural sentences choose by the detail `count`
    nothing: Words = ""


ACTIONS: dict[str, Action] = {
    "signed_in": Action(_("Signed in"), _("%(who)s signed in")),
    "sign_in_failed": Action(
        _("Failed to sign in"), _("%(who)s failed to sign in as %(name)s"), _("somebody who does not exist")
    ),
    "two_factor.refused": Action(
        _("Gave a wrong code"), _("%(who)s knew the password of %(name)s and gave a wrong code")
    ),
    "two_factor.recovery_used": Action(
        _("Used a recovery code"),
        ngettext_lazy(
            "%(who)s signed in with a recovery code; %(count)d is left",
            "%(who)s signed in with a recovery code; %(count)d are left",
            "count",
        ),
    ),
    "two_factor.switched_on": Action(
        _("Switched two-factor sign-in on"), _("%(who)s switched two-factor sign-in on for %(name)s")
    ),
    "two_factor.switched_off": Action(
        _("Switched two-factor sign-in off"), _("%(who)s switched two-factor sign-in off for %(name)s")
    ),
    "two_factor.new_codes": Action(_("Made new recovery codes"), _("%(who)s made new recovery codes for %(name)s")),
    "sessions.ended": Action(
        _("Signed out everywhere else"),
        ngettext_lazy(
            "%(who)s signed out everywhere else: %(count)d session",
            "%(who)s signed out everywhere else: %(count)d sessions",
            "count",
        ),
    ),
    "signed_out": Action(_("Signed out"), _("%(who)s signed out")),
    "added": Action(_("Added"), _("%(who)s added %(what)s")),
    "changed": Action(_("Changed"), _("%(who)s changed %(what)s")),
    "deleted": Action(_("Deleted"), _("%(who)s deleted %(what)s")),
    "exported": Action(
        _("Exported a list"),
        ngettext_lazy(
            "%(who)s exported %(what)s as CSV: %(count)d row",
            "%(who)s exported %(what)s as CSV: %(count)d rows",
            "count",
        ),
    ),
    "people.action_started": Action(_("Started an action on people"), _("%(who)s started the action %(name)s")),
    "people.action_cancelled": Action(_("Stopped an action on people"), _("%(who)s stopped the action %(name)s")),
    "people.downloaded": Action(
        _("Downloaded people"),
        ngettext_lazy(
            "%(who)s downloaded %(count)d person of %(name)s",
            "%(who)s downloaded %(count)d people of %(name)s",
            "count",
        ),
    ),
    "import.started": Action(
        _("Imported contacts"),
        ngettext_lazy(
            "%(who)s imported a file of %(count)d row into %(what)s",
            "%(who)s imported a file of %(count)d rows into %(what)s",
            "count",
        ),
    ),
    "import.cancelled": Action(_("Cancelled an import"), _("%(who)s cancelled the import of a file")),
    "person.exported": Action(_("Exported a person’s data"), _("%(who)s exported the data of %(what)s")),
    "person.merged": Action(_("Merged two people"), _("%(who)s merged contact no. %(number)d into %(what)s")),
    "person.suppression_lifted": Action(
        _("Had e-mails sent again"), _("%(who)s had e-mails sent to the suppressed address of %(what)s again")
    ),
    "person.erased": Action(_("Erased a person"), _("%(who)s erased %(what)s")),
    "events.retried": Action(
        _("Retried events"),
        ngettext_lazy(
            "%(who)s retried %(count)d event of %(name)s", "%(who)s retried %(count)d events of %(name)s", "count"
        ),
        _("several stores"),
    ),
    "history.started": Action(_("Started to read a history"), _("%(who)s started to read the history of %(name)s")),
    "history.cancelled": Action(_("Stopped reading a history"), _("%(who)s stopped reading the history of %(name)s")),
    "history.resumed": Action(_("Went on reading a history"), _("%(who)s went on reading the history of %(name)s")),
    "comparison.started": Action(_("Compared a store"), _("%(who)s had %(name)s compared with its store")),
    "webhook.registered": Action(_("Set up a webhook"), _("%(who)s set up the webhook of %(name)s")),
    "webhook.rotated": Action(_("Changed a webhook secret"), _("%(who)s changed the webhook secret of %(name)s")),
    "connection.paused": Action(_("Paused a connection"), _("%(who)s paused %(name)s")),
    "connection.resumed": Action(_("Resumed a connection"), _("%(who)s resumed %(name)s")),
    "key.made": Action(_("Made a key"), _("%(who)s made the key %(key)s… of %(name)s"), _("the whole account")),
    "key.revoked": Action(
        _("Revoked a key"), _("%(who)s revoked the key %(key)s… of %(name)s"), _("the whole account")
    ),
    "connection.made": Action(_("Connected a store"), _("%(who)s connected %(name)s")),
    "connection.changed": Action(_("Changed a connection"), _("%(who)s changed the connection of %(name)s")),
    "connection.removed": Action(_("Disconnected a store"), _("%(who)s disconnected %(name)s")),
    "fields.move": Action(_("Moved a field"), _("%(who)s moved the field %(field)s to position %(position)s")),
    "fields.undo": Action(_("Undid a change of the fields"), _("%(who)s undid the last change of the fields’ order")),
    "fields.redo": Action(_("Redid a change of the fields"), _("%(who)s redid the last change of the fields’ order")),
    "fields.reset": Action(_("Reset the fields"), _("%(who)s reset the fields’ order")),
    "segment.archived": Action(_("Archived a segment"), _("%(who)s put %(what)s into the archive")),
    "segment.taken_out": Action(_("Took a segment out of the archive"), _("%(who)s took %(what)s out of the archive")),
    "segment.went_back": Action(_("Went back to a version"), _("%(who)s went back to version %(version)d of %(what)s")),
    "report.archived": Action(_("Archived a report"), _("%(who)s put %(what)s into the archive")),
    "report.taken_out": Action(_("Took a report out of the archive"), _("%(who)s took %(what)s out of the archive")),
    "report.exported": Action(
        _("Exported a report"),
        ngettext_lazy(
            "%(who)s exported %(what)s as %(file)s: %(count)d row",
            "%(who)s exported %(what)s as %(file)s: %(count)d rows",
            "count",
        ),
    ),
    "report.opened": Action(
        _("Exported what is behind a number"),
        ngettext_lazy(
            "%(who)s exported what is behind a number of %(what)s as CSV: %(count)d row",
            "%(who)s exported what is behind a number of %(what)s as CSV: %(count)d rows",
            "count",
        ),
    ),
    "report.scheduled": Action(_("Scheduled a report"), _("%(who)s had %(what)s sent by e-mail to: %(people)s")),
    "report.unscheduled": Action(_("Stopped sending a report"), _("%(who)s had %(what)s not sent by e-mail any more")),
    "automation.published": Action(
        _("Published an automation"), _("%(who)s published %(what)s as version %(version)d")
    ),
    "automation.paused": Action(_("Paused an automation"), _("%(who)s paused %(what)s")),
    "automation.resumed": Action(_("Resumed an automation"), _("%(who)s resumed %(what)s")),
    "automation.archived": Action(_("Archived an automation"), _("%(who)s put %(what)s into the archive")),
    "automation.taken_out": Action(
        _("Took an automation out of the archive"), _("%(who)s took %(what)s out of the archive")
    ),
    "automation.tested": Action(_("Tested an automation"), _("%(who)s tested %(what)s")),
    "automation.person_entered": Action(_("Let a person in"), _("%(who)s let %(person)s into %(what)s")),
    "automation.wait_skipped": Action(_("Skipped a wait"), _("%(who)s had %(person)s go on at once in %(what)s")),
    "automation.past_let_in": Action(
        _("Let in people from before"),
        ngettext_lazy(
            "%(who)s let people from before into %(what)s: %(count)d time",
            "%(who)s let people from before into %(what)s: %(count)d times",
            "count",
        ),
    ),
    "automation.past_stopped": Action(
        _("Stopped letting in people from before"), _("%(who)s stopped letting people from before into %(what)s")
    ),
    "automation.person_ended": Action(_("Ended a way"), _("%(who)s ended the way of %(person)s through %(what)s")),
    "automation.people_retried": Action(
        _("Let people try again"),
        ngettext_lazy(
            "%(who)s let %(count)d person in %(what)s try again",
            "%(who)s let %(count)d people in %(what)s try again",
            "count",
        ),
    ),
    "automation.went_back": Action(
        _("Went back to a version"), _("%(who)s made version %(version)d of %(what)s its draft again")
    ),
    "campaign.put_into_use": Action(
        _("Put an e-mail into use"), _("%(who)s put version %(version)d of %(what)s into use")
    ),
    "campaign.tested": Action(_("Tested an e-mail"), _("%(who)s tested %(what)s")),
    "campaign.planned": Action(
        _("Sent an e-mail to lists"),
        ngettext_lazy(
            "%(who)s had %(what)s sent to %(count)d person",
            "%(who)s had %(what)s sent to %(count)d people",
            "count",
        ),
    ),
    "campaign.held": Action(_("Held an e-mail"), _("%(who)s held %(what)s on its way to lists")),
    "campaign.went_on": Action(_("Let an e-mail go on"), _("%(who)s let %(what)s go on to lists")),
    "campaign.cancelled": Action(_("Cancelled an e-mail"), _("%(who)s cancelled %(what)s for who had not got it")),
    "campaign.subject_chosen": Action(_("Chose a subject"), _("%(who)s chose the subject of %(what)s for the others")),
    "campaign.archived": Action(_("Archived an e-mail"), _("%(who)s put %(what)s into the archive")),
    "campaign.taken_out": Action(_("Took an e-mail out of the archive"), _("%(who)s took %(what)s out of the archive")),
    "campaign.went_back": Action(
        _("Went back to an earlier e-mail"), _("%(who)s made version %(version)d of %(what)s the draft")
    ),
    "automation.receiver_switched_on": Action(
        _("Switched a webhook’s address on"), _("%(who)s had an address called again that %(what)s calls")
    ),
    "automation.secret_renewed": Action(
        _("Changed a secret of webhooks"), _("%(who)s changed the secret with which %(what)s signs its webhooks")
    ),
    "secrets.rotated": Action(
        _("Encrypted secrets anew"),
        ngettext_lazy(
            "%(who)s encrypted %(count)d stored secret anew",
            "%(who)s encrypted %(count)d stored secrets anew",
            "count",
        ),
    ),
}
