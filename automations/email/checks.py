"""What somebody should know before an e-mail is sent: what prevents it, and what is worth a second look."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from automations.email import marks, preparing
from automations.email.content import PARTS, Content
from automations.email.languages import other_languages
from automations.models import Sender
from subscriptions.tag_values import PAYMENT

# What one large provider shows of an e-mail before it cuts it off.
HEAVY = 102 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing; `path` is where it is, and one that `prevents` has to be mended first."""

    words: str
    path: str = ""
    prevents: bool = False


def of_mistakes(errors: dict[str, str]) -> list[Finding]:
    """Return what prevents sending."""
    return [Finding(words=_named(path, words), path=path, prevents=True) for path, words in errors.items()]


def of_content(content: Content, sender: Sender) -> list[Finding]:
    """Return what is worth a second look in an e-mail that can be sent."""
    return [Finding(words=words) for words in _found(content, sender)]


def tags_without_default(content: Content) -> set[str]:
    """Name the fields of recurring payments that an e-mail shows with nothing to say where one is empty."""
    shown = {
        tag
        for words in (content.words, *content.translations.values())
        for text in (words.subject, words.other_subject, words.preheader, words.body, words.text)
        for tag in marks.set_aside(text).tags.values()
        if marks.is_shown(tag) and "default" not in tag
    }
    return {name for name in PAYMENT for tag in shown if f"recurring_payment.{name}" in tag.split("|")[0].split()}


def _found(content: Content, sender: Sender) -> Iterator[str]:
    size = len(preparing.prepare(content, language="", sender=sender).html.encode())
    if size > HEAVY:
        words = _("It weighs %(size)d KB. Gmail shows the first %(most)d KB, and the rest only to whoever asks for it.")
        yield words % {"size": size // 1024, "most": HEAVY // 1024}
    if not (content.sender or sender.email):
        yield _("No sender is set up: it would come from %(address)s.") % {"address": settings.DEFAULT_FROM_EMAIL}
    if content.purpose == "marketing" and not sender.postal_address:
        yield _("No postal address is set up, which the law asks for in marketing in many countries.")
    missing = [name for code, name in other_languages().items() if code not in content.translations]
    if missing:
        yield _("There is no translation: people whose language is %(names)s get it as it is.") % {
            "names": ", ".join(missing)
        }


def _named(path: str, words: str) -> str:
    *_above, name = path.split(".")
    language = path.split(".")[1] if path.startswith("translations.") and path.count(".") > 1 else ""
    label = str(PARTS.get(name, ""))
    where = f"{label} ({dict(settings.LANGUAGES).get(language, language)})" if language else label
    return f"{where}: {words}" if where else words


def as_json(found: list[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data."""
    return [{"words": one.words, "path": one.path, "prevents": one.prevents} for one in found]
