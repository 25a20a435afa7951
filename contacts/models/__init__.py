"""People, their tags, the lists they are on, and files of them that are imported."""

from contacts.models.imports import ContactImport, ImportSlice
from contacts.models.lists import IMPORT, MARKETER, ContactList, Standing
from contacts.models.people import Contact, FormerContact, Tag

__all__ = [
    "IMPORT",
    "MARKETER",
    "Contact",
    "ContactImport",
    "ContactList",
    "FormerContact",
    "ImportSlice",
    "Standing",
    "Tag",
]
