"""The numbers that the pages show: what each is called, what it means, how it is written, and whose people it opens."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import numbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports.performance.numbers import Numbers
from reports.performance.tally import Tally
from subscriptions import display


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number of a `Tally` or of `Numbers`.

    `share`, from 0 to 100, stands below it where it has one. Where `is_share`, the number is one itself. More of it is
    better where `good` is 1, worse where it is -1, and else neither; what `is_now` has no period before. `people` is
    the number that its people are found by.
    """

    name: str
    label: Any
    help: Any
    value: Callable[[Any], float | None]
    share: Callable[[Any], float | None] | None = None
    is_share: bool = False
    good: int = 1
    is_now: bool = False
    people: str = ""

    def written(self, value: float | None) -> str:
        """Write a value of it in the reader's language."""
        if value is None:
            return "–"
        return percent(value) if self.is_share else count(value)


def count(value: float) -> str:
    """Write a whole number."""
    return numbers.format_decimal(int(value), locale=display.locale())


def percent(value: float) -> str:
    """Write a share from 0 to 100 with one place."""
    return numbers.format_percent(value / 100, format=_percents(), locale=display.locale())


def _percents() -> str:
    return re.sub(r"0(?=\D*$)", "0.0", display.locale().percent_formats[None].pattern)


def amount(units: int, currency: str) -> str:
    """Write an amount of ten-thousandths with its currency."""
    return display.money(Decimal(units) / 10_000, currency)


def change(measure: Measure, value: float | None, before: float | None) -> tuple[str, str]:
    """Say how a number differs from the one before, and how that looks: "up" for better, "down" for worse."""
    if measure.is_now or value is None or before is None or value == before:
        return "", ""
    look = _LOOKS[measure.good * (1 if value > before else -1)]
    sign = "+" if value > before else "−"
    if measure.is_share:
        points = numbers.format_decimal(abs(value - before), format="0.0", locale=display.locale())
        return _("%(change)s points") % {"change": f"{sign}{points}"}, look
    if not before:
        return _("before: 0"), look
    grown = numbers.format_percent(abs(value - before) / before, locale=display.locale())
    return f"{sign}{grown}", look


_LOOKS = {1: "up", 0: "same", -1: "down"}


def _of_mail(name: str, label: Any, help: Any, *, shared: bool = True, good: int = 1) -> Measure:
    return Measure(
        name=name,
        label=label,
        help=help,
        value=lambda tally: getattr(tally, name),
        share=(lambda tally: tally.share(name)) if shared else None,
        good=good,
        people=name,
    )


MAIL: tuple[Measure, ...] = (
    _of_mail(
        "sent",
        pgettext_lazy("e-mails", "Sent"),
        gettext_lazy(
            "E-mails that left the house in the period, whatever became of them since. One that is sent again after a "
            "refusal counts once, on its first day. Notes to colleagues and tests are not among them."
        ),
        shared=False,
        good=0,
    ),
    _of_mail(
        "delivered",
        pgettext_lazy("e-mails", "Delivered"),
        gettext_lazy(
            "E-mails sent in the period that did not come back for good. Mail servers say when something cannot be "
            "delivered, and only some providers say when it was: see Confirmed."
        ),
    ),
    _of_mail(
        "confirmed",
        pgettext_lazy("e-mails", "Confirmed"),
        gettext_lazy("E-mails of which your e-mail provider said that they arrived. Without such a provider it is 0."),
        good=0,
    ),
    _of_mail(
        "opened",
        pgettext_lazy("e-mails", "Opened"),
        gettext_lazy(
            "E-mails that their reader opened at least once, on whatever day. Who clicked has opened it too. Programs "
            "that open e-mails before people do are not counted."
        ),
    ),
    _of_mail(
        "opens",
        gettext_lazy("Opens"),
        gettext_lazy("How often people opened these e-mails, all times counted; without programs."),
        shared=False,
    ),
    _of_mail(
        "by_machines",
        gettext_lazy("By programs only"),
        gettext_lazy(
            "E-mails that only programs opened, such as Apple’s mail, which loads all pictures beforehand, or guards "
            "of mailboxes. Whether their reader has seen them is not known."
        ),
        good=0,
    ),
    _of_mail(
        "clicked",
        pgettext_lazy("e-mails", "Clicked"),
        gettext_lazy("E-mails in which their reader clicked a link at least once; without programs."),
    ),
    _of_mail(
        "clicks",
        gettext_lazy("Clicks"),
        gettext_lazy("How often people clicked links in these e-mails, all times counted; without programs."),
        shared=False,
    ),
    Measure(
        name="click_to_open",
        label=gettext_lazy("Clicked of opened"),
        help=gettext_lazy("Of the e-mails that were opened, the share in which something was clicked."),
        value=lambda tally: tally.click_to_open,
        is_share=True,
    ),
    _of_mail("replied", pgettext_lazy("e-mails", "Answered"), gettext_lazy("E-mails that their reader answered.")),
    _of_mail(
        "bounced",
        pgettext_lazy("e-mails", "Bounced"),
        gettext_lazy("E-mails that came back for good: the address is no good."),
        good=-1,
    ),
    _of_mail(
        "soft_bounced",
        pgettext_lazy("e-mails", "Refused for now"),
        gettext_lazy("E-mails that were refused at least once, as by a full mailbox, and were or are sent again."),
        good=-1,
    ),
    _of_mail(
        "unsubscribed",
        pgettext_lazy("e-mails", "Unsubscribed"),
        gettext_lazy("E-mails by which their reader unsubscribed."),
        good=-1,
    ),
    _of_mail(
        "complained",
        pgettext_lazy("e-mails", "Reported as spam"),
        gettext_lazy("E-mails that their reader reported as spam, as far as mail providers tell."),
        good=-1,
    ),
)
MAIL_BY_NAME = {one.name: one for one in MAIL}


def _of_mail_of(name: str) -> Measure:
    """Return a number of e-mails as one of `Numbers`."""
    known = MAIL_BY_NAME[name]
    share = known.share
    return Measure(
        name=name,
        label=gettext_lazy("E-mails sent") if name == "sent" else known.label,
        help=known.help,
        value=lambda numbers: known.value(numbers.mail),
        share=(lambda numbers: share(numbers.mail)) if share else None,
        is_share=known.is_share,
        good=known.good,
        people=known.people,
    )


def _of_ways(name: str, label: Any, help: Any, **more: Any) -> Measure:
    return Measure(name=name, label=label, help=help, value=lambda numbers: getattr(numbers, name), people=name, **more)


AUTOMATION: tuple[Measure, ...] = (
    _of_ways(
        "inside",
        gettext_lazy("Inside now"),
        gettext_lazy("People who are under way at this moment, whatever the period; who is in it twice counts twice."),
        is_now=True,
    ),
    _of_ways(
        "entered",
        pgettext_lazy("people", "Entered"),
        gettext_lazy("How often people entered in the period; who enters twice counts twice."),
    ),
    _of_ways(
        "finished",
        pgettext_lazy("people", "Finished"),
        gettext_lazy("How often people came to the end in the period, whenever they entered."),
    ),
    _of_ways(
        "ended",
        pgettext_lazy("people", "Left before the end"),
        gettext_lazy(
            "How often a way was over before its end in the period: by a step, by somebody, or by the archive."
        ),
        good=0,
    ),
    _of_ways(
        "goals",
        gettext_lazy("Goals reached"),
        gettext_lazy("How often people reached a goal of the automation in the period."),
    ),
    _of_ways(
        "recovered",
        gettext_lazy("Payments recovered"),
        gettext_lazy(
            "Recurring payments that had failed when their person entered or while they were inside, and that were "
            "paid again in the period, while they were inside or within 7 days after. It is the payment that started "
            "the person’s way or, where none did, any of theirs."
        ),
    ),
    *(_of_mail_of(name) for name in ("sent", "opened", "clicked", "click_to_open", "replied", "unsubscribed")),
)
AUTOMATION_BY_NAME = {one.name: one for one in AUTOMATION}
WORDS: dict[str, Any] = {
    **{one.name: one.label for one in (*MAIL, *AUTOMATION)},
    "sent": pgettext_lazy("e-mails", "Sent"),
    "machine_opens": gettext_lazy("Opens by programs"),
    "passed": gettext_lazy("Passed a step"),
}
# what the definitions are of
type Counted = Tally | Numbers
