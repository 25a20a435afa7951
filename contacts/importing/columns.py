"""What a column of a file can be read as, and guesses at it by the column's name and what stands in it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from contacts.services import email_key

EMAIL, TAGS, FULL_NAME, NOTHING = "email", "tags", "full_name", ""
# what a column is read as -> how it is offered, and the names that files give it, without blanks and signs
_KNOWN = {
    EMAIL: (_("E-mail"), "email mail emailaddress adressemail adresseemail adresseelectronique courriel"),
    "first_name": (_("First name"), "firstname givenname forename prenom vorname"),
    "last_name": (_("Last name"), "lastname surname familyname nomdefamille nachname"),
    FULL_NAME: (_("Full name"), "name fullname nom nomcomplet nometprenom prenometnom contact"),
    "phone": (_("Phone"), "phone telephone tel mobile phonenumber numerodetelephone portable"),
    "company": (_("Company"), "company organization organisation societe entreprise"),
    TAGS: (_("Tags"), "tags tag etiquettes etiquette labels"),
}
CHOICES = [(NOTHING, _("Do not import")), *((key, label) for key, (label, _names) in _KNOWN.items())]
_BY_NAME = {name: key for key, (_label, names) in _KNOWN.items() for name in names.split()}
MOST = 100  # columns; what stands beyond is not imported
# of columns that are read as these there may be several
_MANY = {TAGS, NOTHING}
_WITHOUT_ACCENTS = str.maketrans("éèêàâçîïôûù", "eeeaaciiouu")


def guess(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Say of each column what it probably is; each thing once, and the e-mail also by what stands in the column."""
    width = min(max((len(header), *map(len, rows))), MOST)
    guessed = [_BY_NAME.get(_plain(header[place]) if place < len(header) else "", NOTHING) for place in range(width)]
    once = [key if key in _MANY or guessed.index(key) == place else NOTHING for place, key in enumerate(guessed)]
    if "last_name" not in once and "first_name" in once and FULL_NAME in once:
        once[once.index(FULL_NAME)] = "last_name"  # "nom" beside "prénom"
    if EMAIL not in once and (place := _of_emails(once, rows)) is not None:
        once[place] = EMAIL
    return once


def faults(mapping: Sequence[str]) -> list[str]:
    """Name what is wrong with a choice of columns: "no_email", or "twice" where two columns are read as one thing."""
    chosen = [key for key in mapping if key not in _MANY]
    missing = ["no_email"] if EMAIL not in chosen else []
    return missing + (["twice"] if len(set(chosen)) < len(chosen) else [])


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold().translate(_WITHOUT_ACCENTS) if sign.isalnum())


def _of_emails(guessed: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """Find the column in which most e-mails stand, among those that are nothing yet."""
    counts = {
        place: sum(1 for row in rows if place < len(row) and email_key(row[place]))
        for place, key in enumerate(guessed)
        if key == NOTHING
    }
    best = max(counts, key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] else None
