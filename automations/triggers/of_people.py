"""Something happens to a person: they get a tag, or are subscribed to a list."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations.flow.forms import LIST, TAG, Option
from automations.triggers.kind import TriggerKind
from automations.words import list_name

TAGGED = TriggerKind(
    name="tagged",
    label=gettext_lazy("A tag is added"),
    icon="sell",
    options=(Option(name="tag", label=gettext_lazy("Tag"), form=TAG),),
    say=lambda options: _("The tag “%(tag)s” is added") % options,
    of_payments=False,
)
SUBSCRIBED = TriggerKind(
    name="subscribed",
    label=gettext_lazy("Somebody subscribes to a list"),
    icon="mark_email_read",
    options=(Option(name="list", label=gettext_lazy("List"), form=LIST),),
    say=lambda options: _("Somebody subscribes to “%(list)s”") % {"list": list_name(options["list"])},
    of_payments=False,
)
