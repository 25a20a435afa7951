"""What an e-mail says: read from JSON, strictly, with everything that is wrong and its path, and kept clean.

{"subject", "other_subject", "preheader", "body", "text", "form", "purpose", "sender_name", "sender", "reply_to",
"opens", "clicks", "translations": {"fr": {"subject", "other_subject", "preheader", "body", "text"}}}. `body` is HTML,
and `text` is made from it where it is empty; `other_subject` is tried beside the first where it goes to lists. Whoever
works on one may leave it incomplete: `tidy` then keeps what there is, and `read` says what is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations.email import cleaning, links, marks, plain
from automations.email.languages import other_languages
from contacts.services import email_key
from subscriptions import personalisation
from subscriptions.kinds import TEXT
from subscriptions.segments.mistakes import Mistakes, Unreadable, below

MOST_OF_SUBJECT = 300
MOST_OF_BODY = 400_000
MOST_OF_TEXT = 100_000
MOST_OF_NAME = 100
FORMS: Mapping[str, Any] = {
    "designed": gettext_lazy("With the sender's logo and colours"),
    "html": gettext_lazy("HTML of your own"),
}
PURPOSES: Mapping[str, Any] = {
    "marketing": gettext_lazy("Marketing: only to those who are subscribed to a list"),
    "service": gettext_lazy("Service: about their own recurring payment, also to those who are on no list"),
}
# name of a part or setting -> its label
PARTS: Mapping[str, Any] = {
    "subject": gettext_lazy("Subject"),
    "other_subject": gettext_lazy("Second subject"),
    "preheader": gettext_lazy("Preview text"),
    "body": gettext_lazy("Text"),
    "text": gettext_lazy("Plain text"),
    "sender_name": gettext_lazy("Name of the sender"),
    "sender": gettext_lazy("E-mail of the sender"),
    "reply_to": gettext_lazy("Answers go to"),
    "form": gettext_lazy("Layout"),
    "opens": gettext_lazy("Measure who opens it"),
    "clicks": gettext_lazy("Measure who clicks which link"),
    "purpose": gettext_lazy("Kind of e-mail"),
}
# Tags that e-mails have beside those of people and payments.
LINKS: Mapping[str, Any] = {
    "unsubscribe": gettext_lazy("Address to unsubscribe"),
    "preferences": gettext_lazy("Address to choose lists"),
    "browser": gettext_lazy("Address to read it in a browser"),
}
ALSO: Mapping[str, Mapping[str, Any]] = {"link": LINKS}


class ContentError(Unreadable):
    """An e-mail that cannot be read, or not be sent like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What an e-mail says in one language."""

    subject: str
    body: str
    other_subject: str = ""
    preheader: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An e-mail that can be sent."""

    words: Words
    translations: Mapping[str, Words] = field(default_factory=dict)
    form: str = "designed"
    purpose: str = "marketing"
    sender_name: str = ""
    sender: str = ""
    reply_to: str = ""
    opens: bool = True
    clicks: bool = True

    @property
    def speaks_of_payment(self) -> bool:
        """Whether some text has a tag of a recurring payment."""
        return any(
            "recurring_payment" in tag
            for words in (self.words, *self.translations.values())
            for text in (words.subject, words.other_subject, words.preheader, words.body, words.text)
            for tag in marks.set_aside(text).tags.values()
        )

    def in_language(self, language: str) -> tuple[str, Words]:
        """Return the language of a translation that a person with this language gets, and its words; "" is the main."""
        for one in (language, language.partition("-")[0]):
            if one in self.translations:
                return one, self.translations[one]
        return "", self.words


def read(data: Any, *, has_payment: bool = True, trusts: bool = False) -> Content:
    """Read an e-mail that is to be sent; raise ContentError with all that is wrong.

    Without `has_payment` its tags cannot speak of a recurring payment. One that `trusts` was read when it was kept.
    """
    if not isinstance(data, dict):
        raise ContentError({"": _("must be an object")})
    mistakes = Mistakes()
    mistakes.only(data, "", {*_PARTS, *_SETTINGS, "translations"})
    reader = _Reader(has_payment=has_payment, trusts=trusts, mistakes=mistakes)
    words = reader.words(data, "")
    translations = reader.translations(data.get("translations", {}))
    every = {below("translations", language): one for language, one in translations.items()}
    reader.footed(data, every | ({"": words} if words else {}))
    settings = {name: reader.one(data, name, parse, "") for name, parse in _SETTINGS.items() if name in data}
    if mistakes.errors or words is None:
        raise ContentError(mistakes.errors)
    return Content(words=words, translations=translations, **settings)


def tidy(data: Any) -> dict[str, Any]:
    """Return a draft as it is kept, its HTML cleaned; raise ContentError for what cannot be kept at all."""
    if not isinstance(data, dict):
        raise ContentError({"": _("must be an object")})
    mistakes = Mistakes()
    mistakes.only(data, "", {*_PARTS, *_SETTINGS, "translations"})
    kept = _tidied(data, "", mistakes)
    for name, parse in _SETTINGS.items():
        if name in data:
            try:
                kept[name] = parse(data[name]) if name in {"form", "purpose", "opens", "clicks"} else _line(data[name])
            except ValueError as error:
                mistakes.complain(name, str(error))
    translations = data.get("translations", {})
    if not isinstance(translations, dict) or not all(isinstance(one, dict) for one in translations.values()):
        mistakes.complain("translations", _("must be an object"))
    elif translations:
        for language in translations.keys() - other_languages().keys():
            mistakes.complain(below("translations", str(language)[:60]), _("is not known here"))
        written = {one: _tidied(said, below("translations", one), mistakes) for one, said in translations.items()}
        kept["translations"] = written
    if mistakes.errors:
        raise ContentError(mistakes.errors)
    return kept


def as_text(words: Words) -> str:
    """Return the template of the plain text: the own one, or what there is to read in the HTML."""
    if words.text:
        return words.text
    marked = cleaning.clean(marks.set_aside(cleaning.styles_of(words.body)[0]))
    return marks.put_back_in_text(plain.text_of(marked.html), marked.tags)


@dataclass(slots=True, kw_only=True)
class _Reader:
    has_payment: bool
    trusts: bool
    mistakes: Mistakes

    def words(self, data: Mapping[str, Any], path: str) -> Words | None:
        """Read what is said in one language."""
        for name in ("subject", "body"):
            if not str(data.get(name) or "").strip():
                self.mistakes.complain(below(path, name), _("is missing"))
        said = {name: self.one(data, name, parse, path) for name, parse in _PARTS.items() if data.get(name)}
        if not {"subject", "body"} <= said.keys() or None in said.values():
            return None
        if not self.trusts and (problem := links.problem_of(said["body"])):
            self.mistakes.complain(below(path, "body"), problem)
        if not self.trusts and not _shows_something(said["body"]):
            self.mistakes.complain(below(path, "body"), _("has nothing to read and no picture"))
        return Words(**said)

    def footed(self, data: Mapping[str, Any], written: Mapping[str, Words]) -> None:
        """Complain of marketing that nobody could unsubscribe from: where the sender's layout does not see to it."""
        if self.trusts or data.get("form") != "html" or data.get("purpose", "marketing") != "marketing":
            return
        for path, words in written.items():
            if not any("link.unsubscribe" in tag for tag in marks.set_aside(words.body).tags.values()):
                told = _("has no link to unsubscribe: add one to the address {{ link.unsubscribe }}")
                self.mistakes.complain(below(path, "body"), told)

    def translations(self, data: Any) -> dict[str, Words]:
        """Read what is said in other languages, each whole."""
        if not isinstance(data, dict):
            self.mistakes.complain("translations", _("must be an object"))
            return {}
        known = data if self.trusts else other_languages()
        for language in data.keys() - known.keys():
            words = _("must be one of: %(choices)s") % {"choices": ", ".join(known)}
            self.mistakes.complain(below("translations", str(language)[:60]), words)
        found = {one: self._translation(data[one], one) for one in known if one in data}
        return {one: words for one, words in found.items() if words}

    def _translation(self, data: Any, language: str) -> Words | None:
        path = below("translations", language)
        if not isinstance(data, dict):
            self.mistakes.complain(path, _("must be an object"))
            return None
        self.mistakes.only(data, path, set(_PARTS))
        return self.words(data, path)

    def one(self, data: Mapping[str, Any], name: str, parse: Callable[[Any], Any], path: str) -> Any:
        """Read one value; tags in it are checked."""
        try:
            value = data[name] if self.trusts else parse(data[name])
            if name in _PARTS and not self.trusts:
                _check_tags(value, name, has_payment=self.has_payment)
        except ValueError as error:
            self.mistakes.complain(below(path, name), str(error))
            return None
        return value


def _tidied(data: Mapping[str, Any], path: str, mistakes: Mistakes) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, parse in _PARTS.items():
        if name in data:
            try:
                kept[name] = parse(data[name])
            except ValueError as error:
                mistakes.complain(below(path, name), str(error))
    return kept


def _check_tags(text: str, name: str, *, has_payment: bool) -> None:
    written = marks.as_written(marks.set_aside(text)) if name == "body" else text
    personalisation.check(written, has_payment=has_payment, also=ALSO)


def _shows_something(body: str) -> bool:
    marked = marks.set_aside(cleaning.styles_of(body)[0])
    return bool(marked.tags) or "<img" in marked.html.lower() or bool(plain.text_of(cleaning.clean(marked).html))


def _template(limit: int, *, lines: bool = False) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        written = personalisation.modern(TEXT.parse(value, limit))
        if not lines and any(letter in "\r\n" for letter in written):
            raise ValueError(_("must be on one line"))
        return written

    return parse


def _body(value: Any) -> str:
    html, sheets = cleaning.styles_of(personalisation.modern(TEXT.parse(value, MOST_OF_BODY)))
    marked = cleaning.clean(marks.set_aside(html))
    if lost := marks.lost(marked):
        raise ValueError(_("the tag “%(tag)s” stands where no tag can stand") % {"tag": lost[0][:80]})
    cleaned = marks.put_back(marked)
    return f"<style>\n{sheets}\n</style>\n{cleaned}" if sheets else cleaned


def _line(value: Any) -> str:
    written = str(TEXT.parse(value, 254)).strip()
    if any(letter in "\r\n" for letter in written):
        raise ValueError(_("must be on one line"))
    return written


def _name(value: Any) -> str:
    written = _line(value)
    if len(written) > MOST_OF_NAME or any(letter in '<>@"' for letter in written):
        raise ValueError(_('must be a name of at most %(most)d characters, without < > @ "') % {"most": MOST_OF_NAME})
    return written


def _address(value: Any) -> str:
    written = _line(value)
    if written and email_key(written) is None:
        raise ValueError(_("must be an e-mail address"))
    return written


def _choice(choices: Mapping[str, Any]) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(_("must be one of: %(choices)s") % {"choices": ", ".join(choices)})
        return value

    return parse


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(_("must be true or false"))
    return value


# name -> how it is read; those are said once more in each further language
_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "subject": _template(MOST_OF_SUBJECT),
    "other_subject": _template(MOST_OF_SUBJECT),
    "preheader": _template(MOST_OF_SUBJECT),
    "body": _body,
    "text": _template(MOST_OF_TEXT, lines=True),
}
# and those once
_SETTINGS: Mapping[str, Callable[[Any], Any]] = {
    "form": _choice(FORMS),
    "purpose": _choice(PURPOSES),
    "sender_name": _name,
    "sender": _address,
    "reply_to": _address,
    "opens": _flag,
    "clicks": _flag,
}
