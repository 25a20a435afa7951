"""The links of a campaign as they were written: one with a person's own values in it is another address for each."""

import re
from collections.abc import Iterable, Mapping
from html import unescape

from automations.email.marks import TAG
from automations.models import Campaign, Sheet
from subscriptions.personalisation import in_words

_LINK = re.compile(r"\{% link %\}(.*?)\{% endlink %\}", re.DOTALL)


class Links:
    """What the addresses in a campaign's e-mails were made of, in all that was ever prepared of it."""

    def __init__(self, campaign: Campaign) -> None:
        sheets = Sheet.objects.filter(version__campaign=campaign).values_list("html", flat=True)
        every = {unescape(one) for html in sheets for one in _LINK.findall(html)}
        templates = {one for one in every if TAG.search(one)}
        self._plain = every - templates
        # of several that an address may be of, the one that says most
        written = sorted(templates, key=lambda one: -len(TAG.sub("", one)))
        self._patterns = [(re.compile(_pattern(one), re.DOTALL), in_words(one)) for one in written]

    def is_plain(self, address: str) -> bool:
        """Say whether an address is one that everybody got."""
        return address in self._plain

    def template(self, address: str) -> str:
        """Return the link that an address is of, its tags in words; the address where it is the same for everybody."""
        if self.is_plain(address):
            return address
        return next((words for pattern, words in self._patterns if pattern.fullmatch(address)), address)

    def grouped(self, counts: Iterable[tuple[str, int, int]]) -> Mapping[str, tuple[int, int]]:
        """Add up the people and the times of addresses that are of one link."""
        found: dict[str, tuple[int, int]] = {}
        for address, people, times in counts:
            link = self.template(address)
            known = found.get(link, (0, 0))
            found[link] = (known[0] + people, known[1] + times)
        return found


def _pattern(template: str) -> str:
    """Return what matches the addresses: whatever stands where the tags stood."""
    return ".*".join(re.escape(part) for part in TAG.split(template))
