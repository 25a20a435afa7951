"""One person's way as people read it: what let them in, each step behind them, and where they are."""

from dataclasses import dataclass

from django.utils.translation import gettext

from automations import entering, reasons
from automations.email import kept
from automations.flow import outline
from automations.models import Call, Enrolment, Message, Passage
from config.turns import Claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One step behind somebody, or the one where they are: what it does, what came of it, and what was sent."""

    step: str
    words: str
    icon: str
    passage: Passage | None = None
    outcome: str = ""
    notes: tuple[str, ...] = ()
    sent: Claimed | None = None
    sent_why: str = ""

    @property
    def mail(self) -> dict[str, str] | None:
        """The e-mail that was sent here, as it was sent; None where none was handed to the mail server."""
        if not isinstance(self.sent, Message) or not self.sent.subject:
            return None
        html, text = kept.shown(self.sent)
        return {"to": self.sent.email, "subject": self.sent.subject, "html": html, "text": text}


def started(way: Enrolment, drawn: outline.Outline) -> str:
    """Say what let them in: the trigger, somebody by hand, or another automation."""
    trigger = next((part.words for part in drawn.triggers if part.id == way.trigger), "")
    if trigger:
        return trigger
    known = {
        entering.BY_HAND: gettext("Let in by hand"),
        entering.BY_AUTOMATION: gettext("Started by another automation"),
    }
    return known.get(way.trigger, gettext("Entered"))


def of(way: Enrolment, passages: list[Passage], drawn: outline.Outline) -> list[Stop]:
    """List what is behind them, each in the words of the version by which they passed it, and where they are now."""
    flows = {passage.version_id: passage.version.flow for passage in passages}
    parts = {pk: _parts(outline.of_published(flow)) for pk, flow in flows.items()}
    rows = (Message.objects.filter(enrolment=way).select_related("sheet"), Call.objects.filter(enrolment=way))
    sent: dict[str, Claimed] = {row.step: row for several in rows for row in several}
    stops = [_passed(passage, parts[passage.version_id], sent.get(passage.step)) for passage in passages]
    here = _parts(drawn).get(way.step) if way.is_inside and way.step else None
    return stops + ([_here(here, sent.get(way.step))] if here else [])


def _parts(drawn: outline.Outline) -> dict[str, outline.Part]:
    return {part.id: part for part in drawn.every_part()}


def _passed(passage: Passage, parts: dict[str, outline.Part], sent: Claimed | None) -> Stop:
    part = parts.get(passage.step)
    branches = {branch.name: branch.label for branch in part.branches} if part else {}
    told = [reasons.say(passage.facts["problem"])] if passage.facts.get("problem") else []
    if "jumped_from" in passage.facts:
        told.append(gettext("They came here at once, since the goal was reached."))
    return Stop(
        step=passage.step,
        words=part.words if part else passage.step,
        icon=part.icon if part else "help",
        passage=passage,
        outcome=branches.get(passage.outcome) or reasons.say(passage.outcome),
        notes=tuple(told),
        sent=sent,
    )


def _here(part: outline.Part, sent: Claimed | None) -> Stop:
    return Stop(
        step=part.id, words=part.words, icon=part.icon, sent=sent, sent_why=reasons.say(getattr(sent, "problem", ""))
    )
