"""People at their browsers: a marketer who works with the site, and readers of what it sends."""

import json
import re
from contextlib import suppress
from random import Random
from typing import Any

import requests
from django.urls import reverse

from tests.chaos.house import PASSWORD, WEBS, House
from tests.chaos.notes import Act, Notes, Read
from tests.chaos.plugin import PATIENCE, STATUSES

TAG = "vip"
_BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


class Marketer:
    """Somebody who works in the browser: adds people, tags them, and sends campaigns."""

    def __init__(self, house: House, notes: Notes, seed: int, lists: list[int]) -> None:
        self._house, self._notes, self._rng, self._lists = house, notes, Random(f"{seed}/marketer"), lists
        self._session: requests.Session | None = None
        self._count = 0

    def step(self) -> None:
        """Do one thing; a page that cannot be had now is left for later."""
        self._count += 1
        with suppress(requests.RequestException, _NotThere):
            self._session = self._session or self._signed_in()
            [act] = self._rng.choices([self._add, self._tag, self._mail], [5, 3, 1])
            act()

    def _add(self) -> None:
        email = f"walk-in-{self._count}@marketer.example"
        person = dict.fromkeys(("first_name", "last_name", "phone", "company"), "") | {"email": email}
        self._do("person", email, "admin:contacts_contact_add", person)

    def _tag(self) -> None:
        status = self._rng.choice(STATUSES)
        leaf = {"field": "status", "op": "is", "value": status}
        tree = json.dumps({"recurring_payment": leaf, "match": "any"})
        self._do("tagging", status, "people_act", {"tree": tree, "kind": "tag", "tag": TAG, "agreed": "yes"})

    def _mail(self) -> None:
        """Write a campaign, and send it to the list once the number that the page names is confirmed."""
        name = f"News {self._count}"
        answer = self._post("campaign_new", {"name": name, "kind": "direct"})
        number = int(_found(r"/(\d+)/", answer.headers.get("Location", "")))
        typed = {"name": name, "subject": name, "body": "<p>Text</p>", "use": "1"}
        self._post("campaign", typed, number)
        chosen = {"list": self._lists, "when": "now"}
        asked = self._post("campaign_sending", chosen | {"ask": "1"}, number).text
        confirmed = _found(r'name="confirmed"[^>]*value="(\d+)"', asked)
        self._do("mailing", str(number), "campaign_sending", chosen | {"confirmed": confirmed}, number)

    def _do(self, kind: str, what: str, page: str, form: Any, *ids: int) -> None:
        answered = False
        try:
            answered = self._post(page, form, *ids).status_code == 302
        finally:
            self._notes.acts.append(Act(kind=kind, what=what, is_answered=answered))

    def _signed_in(self) -> requests.Session:
        session = requests.Session()
        session.get(self._site() + reverse("admin:login"), timeout=PATIENCE)
        known = {"username": "marketer", "password": PASSWORD, "next": "/"}
        if self._sent(session, "admin:login", known).status_code != 302:
            raise _NotThere
        return session

    def _post(self, page: str, form: dict[str, Any], *ids: int) -> requests.Response:
        assert self._session is not None
        return self._sent(self._session, page, form, *ids)

    def _sent(self, session: requests.Session, page: str, form: dict[str, Any], *ids: int) -> requests.Response:
        address = self._site() + reverse(page, args=ids)
        told = form | {"csrfmiddlewaretoken": session.cookies.get("csrftoken", "")}
        answer = session.post(address, data=told, headers={"Referer": address}, timeout=PATIENCE, allow_redirects=False)
        if answer.status_code in {403, 404}:
            self._notes.surprises.append(f"the marketer got {answer.status_code} from {page}")
        return answer

    def _site(self) -> str:
        return self._house.web(self._rng.choice(WEBS))


class Readers:
    """Those who got e-mails: they open them, and follow a link in them, in a browser of theirs."""

    def __init__(self, house: House, notes: Notes, seed: int) -> None:
        self._house, self._notes, self._rng = house, notes, Random(f"{seed}/readers")

    def step(self) -> None:
        """Open one, or follow a link."""
        if not self._house.mail.links:
            return
        number, path = self._rng.choice(self._house.mail.links)
        is_answered = False
        with suppress(requests.RequestException):
            address = self._house.web(self._rng.choice(WEBS)) + path
            answer = requests.get(address, headers=_BROWSER, timeout=PATIENCE, allow_redirects=False)
            is_answered = answer.status_code in {200, 302}
            if answer.status_code == 404:
                self._notes.surprises.append(f"a reader of {number} got 404 from {path}")
        kind = "opened" if path.startswith("/e/o/") else "clicked"
        self._notes.reads.append(Read(number=number, kind=kind, is_answered=is_answered))


class _NotThere(Exception):
    """A page does not say what was looked for, as one that tells of an error does not."""


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise _NotThere
    return found[1]
