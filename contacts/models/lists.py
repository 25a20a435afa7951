"""Lists that people are on, and how each stands on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.people import Contact

# The sources that are ours; any other is a store's name.
MARKETER = "marketer"
IMPORT = "import"
PERSON = "person"
MAIL_SERVER = "mail server"
AUTOMATION = "automation"
_SOURCES = {
    MARKETER: _("a marketer"),
    IMPORT: _("an import"),
    PERSON: _("the person"),
    MAIL_SERVER: _("the mail server"),
    AUTOMATION: _("an automation"),
}


def words_of_source(source: str) -> str:
    """Say who it was; a store by its name."""
    return str(_SOURCES.get(source, source))


class ContactList(models.Model):
    """A list that people are subscribed to; its name is one word however it is capitalised."""

    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=500, blank=True)
    double_opt_in = models.BooleanField(
        _("ask people to confirm"),
        default=False,
        help_text=_("Whoever is subscribed gets an e-mail with a link, and counts as subscribed once they confirm."),
    )

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        ordering = ["name"]
        constraints = [
            # read by whoever names a list
            models.UniqueConstraint(models.functions.Lower("name"), name="list_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """How a person stands on a list, who said so, and since when; `source` is a store's name or one of ours."""

    class State(models.TextChoices):
        """What may be sent to them."""

        # from the most that may be sent to the least, which is what stands when two people become one
        SUBSCRIBED = "subscribed", _("Subscribed")
        UNCONFIRMED = "unconfirmed", _("Unconfirmed")
        BOUNCED = "bounced", _("Bounced")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="standings", verbose_name=_("contact"))
    contact_list = models.ForeignKey(
        ContactList, on_delete=models.CASCADE, related_name="standings", verbose_name=_("list")
    )
    state = models.CharField(_("state"), max_length=16, choices=State)
    source = models.CharField(_("source"), max_length=200)
    changed_at = models.DateTimeField(_("since"))
    # why a marketer confirmed by hand
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["contact_list__name"]
        constraints = [
            # read by whoever subscribes or unsubscribes somebody
            models.UniqueConstraint(fields=["contact", "contact_list"], name="standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_list}: {self.get_state_display()}"

    @property
    def is_subscribed(self) -> bool:
        """Whether the list may be sent to them."""
        return self.state == self.State.SUBSCRIBED

    @property
    def said_by(self) -> str:
        """Who said so, in words."""
        return words_of_source(self.source)
