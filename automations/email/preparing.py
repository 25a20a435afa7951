"""Making what a campaign says ready to be filled in: laid out, styled inline, for one language and with the sender.

All that is the same for everybody is done here, once; what is left is a template of tags.
"""

from dataclasses import dataclass
from html import escape

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from automations.email import cleaning, marks
from automations.email.colours import lighter, readable_on
from automations.email.content import Content, as_text
from automations.models import Sender

# So much white after what mail programs show of an e-mail in their lists, that nothing else shows behind it.
_FILLER = "\u200c\u00a0" * 80
_LAYOUTS = {"designed": "automations/email/designed.html", "html": "automations/email/bare.html"}
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Templates of what is sent: the subject in one line, a second one if there is one, the HTML, the plain text."""

    subject: str
    other_subject: str
    html: str
    text: str


def prepare(content: Content, *, language: str, sender: Sender) -> Prepared:
    """Lay out what a person with this language gets; "" is the account's."""
    _own, words = content.in_language(language)
    spoken = language or settings.LANGUAGE_CODE
    body, sheets = cleaning.styles_of(words.body)
    tags: dict[int, str] = {}
    parts = {
        "preheader": escape(words.preheader),
        "body": body,
        "unsubscribe": "{{ link.unsubscribe }}",
        "preferences": "{{ link.preferences }}",
    }
    marked = {name: cleaning.clean(marks.set_aside(part, among=tags)).html for name, part in parts.items()}
    told = {
        "language": spoken,
        "title": sender.name,
        "sender": sender,
        "logo": f"{settings.PUBLIC_URL}/e/logo/{sender.logo_name}" if sender.logo_name else "",
        "on_accent": readable_on(sender.accent),
        "accent_in_the_dark": lighter(sender.accent, on="#1f2937"),
        "is_marketing": content.purpose == "marketing",
        "filler": _FILLER,
    }
    safe = {name: mark_safe(part) for name, part in {**marked, "sheets": sheets}.items()}  # noqa: S308 # it is cleaned
    with translation.override(spoken):
        page = render_to_string(_LAYOUTS[content.form], told | safe)
        foot = marks.put_back_in_text(render_to_string("automations/email/foot.txt", told | safe), tags)
    styled = marks.Marked(html=_INLINER.inline(page), tags=tags)
    ending = f"\n\n-- \n{foot.strip()}" if content.form == "designed" else ""
    return Prepared(
        subject=words.subject,
        other_subject=words.other_subject,
        html=marks.put_back_in_html(styled),
        text=f"{as_text(words)}{ending}\n",
    )
