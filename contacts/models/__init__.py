"""People, their tags, the lists they are on, and files of them that are imported."""

from contacts.models.confirmations import VALID, Confirmation
from contacts.models.consents import Consent, Way
from contacts.models.imports import ContactImport, ImportSlice
from contacts.models.lists import AUTOMATION, IMPORT, MAIL_SERVER, MARKETER, PERSON, ContactList, Standing
from contacts.models.people import Contact, FormerContact, Tag
from contacts.models.suppressions import Suppression

__all__ = [
    "AUTOMATION",
    "IMPORT",
    "MAIL_SERVER",
    "MARKETER",
    "PERSON",
    "VALID",
    "Confirmation",
    "Consent",
    "Contact",
    "ContactImport",
    "ContactList",
    "FormerContact",
    "ImportSlice",
    "Standing",
    "Suppression",
    "Tag",
    "Way",
]
