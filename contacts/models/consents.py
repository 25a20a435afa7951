"""How people came to stand on lists as they do: each change, kept for as long as the person is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.lists import ContactList, Standing, words_of_source
from contacts.models.people import Contact


class Way(models.TextChoices):
    """By which way a change of a standing came."""

    PAGE = "page", _("on the contact’s page")
    PEOPLE = "people", _("for many people at once")
    FILE = "file", _("with a file")
    STORE = "store", _("with what the store told")
    STEP = "step", _("by a step of an automation")
    CONFIRM_LINK = "confirm_link", _("with the link of the e-mail that asked")
    ONE_CLICK = "one_click", _("with one click in the mail program")
    UNSUBSCRIBE_PAGE = "unsubscribe_page", _("on the page behind an e-mail’s link")
    PREFERENCES = "preferences", _("on the page of one’s e-mail preferences")
    COMPLAINT = "complaint", _("by reporting an e-mail as spam")
    REFUSAL = "refusal", _("by refusing an e-mail for good")
    MERGE = "merge", _("when two contacts became one")
    BEFORE = "before", _("before changes were kept")


class Consent(models.Model):
    """One change of a person's standing on a list: to which state, who said so, by which way, and when.

    `source` is that of the standing; `by` says which member, file or automation it was, where there is one. Nothing of
    it changes later, which the database refuses; only whose it is does, when two contacts become one.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    contact_list = models.ForeignKey(ContactList, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=Standing.State)
    source = models.CharField(max_length=200)
    way = models.CharField(max_length=20, choices=Way)
    by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a standing")
        verbose_name_plural = _("changes of standings")
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.contact_list_id} {self.state} {self.at:%Y-%m-%d}"

    @property
    def said_by(self) -> str:
        """Who said so, in words."""
        return words_of_source(self.source)
