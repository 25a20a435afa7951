"""What every provider is: a few functions over plain data, and errors that each carry one decision."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from contacts.services import Profile
from integrations import masking
from integrations.problems import Problem
from integrations.watching import Watched
from subscriptions.records import Record, RecordError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from integrations.connecting import Credentials
    from integrations.models import Connection, Delivery

    StrPromise = str | _StrPromise

# Seconds that a signed time stamp may differ from our clock, either way.
TOLERANCE = 300


class BadDelivery(Exception):
    """What came is not from the store, or is no event: answered with 400, and nothing is stored."""


class ProviderError(Exception):
    """The store did not do what we asked; `permanent` says whether asking again can help.

    `retry_after` is the number of seconds that the store asked us to wait, where it did.
    """

    def __init__(
        self, problem: Problem, detail: str = "", *, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        self.problem = problem
        self.detail = detail = masking.text(detail)  # some stores quote the key that they refuse
        self.permanent = permanent
        self.retry_after = retry_after
        super().__init__(f"{problem.value}: {detail}" if detail else problem.value)

    @property
    def words(self) -> str:
        """Cause and remedy, and what the store said, for whoever has to mend it."""
        return f"{self.problem.label} {self.detail}".strip()


@contextmanager
def changing_webhooks() -> Iterator[None]:
    """Tell a key that may not change webhooks from one that may not read, since people mend that in another way."""
    try:
        yield
    except ProviderError as error:
        if error.problem is not Problem.PERMISSION:
            raise
        raise ProviderError(Problem.WEBHOOK_PERMISSION, error.detail, permanent=True) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A verified delivery, as far as the inbox must know it.

    `subject` is what it is about, where events share one; `ignored` says why it is kept but not worked off.
    """

    key: str
    event_type: str
    occurred_at: datetime
    subject: str = ""
    ignored: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Why a delivery means nothing to us; it is kept, with this reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A recurring payment that cannot be read: its id, the reason with its path, and what the store sent."""

    id: str
    error: RecordError
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom a store knows without a recurring payment, and the tags that they are given."""

    profile: Profile
    tags: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Page:
    """Some records of a store, those that cannot be read, and where the next page starts; no cursor, no more pages.

    `invoices` names the latest invoice of each record, by its id; `ignored` says why some of the deliveries that the
    page was read from mean nothing, by their keys. `people` are contacts to be made or updated without a record.
    """

    records: list[Record] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    invoices: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    # What follows is for comparisons: events that the store lists, how many payments were seen to be as stored, where
    # the next comparison starts, and a word on how this one had to be done.
    told: list[tuple[Incoming, str]] = field(default_factory=list)
    same: int = 0
    mark: str = ""
    remark: str = ""

    def hear(self, event: Mapping[str, Any], incoming: Callable[[dict[str, Any]], Incoming]) -> None:
        """Add an event of a store's own list; what is no event is passed over, as a webhook's would be refused."""
        with suppress(BadDelivery):
            self.told.append((incoming(dict(event)), json.dumps(event)))

    def take(self, document: Mapping[str, Any], record: Callable[[], Record]) -> None:
        """Add what a document is read into; one that cannot be read is set apart and holds no other up."""
        try:
            self.records.append(record())
        except RecordError as error:
            name = document.get("id")
            identity = str(name) if isinstance(name, str | int) else "?"
            self.broken.append(Broken(id=identity, error=error, body=json.dumps(document)))

    cursor: str = ""


def is_news(created: datetime | None, connected_at: datetime | None) -> bool:
    """Whether something was made while we were connected, so that its first sight is its creation.

    Stores tell whole seconds, so what was made in the second in which we were connected counts as news.
    """
    return created is None or connected_at is None or created >= connected_at.replace(microsecond=0)


def retry_after(headers: Mapping[str, Any] | None) -> float | None:
    """Return the seconds for which a store asks to be left alone, ten minutes at most; some name a moment instead."""
    value = str((headers or {}).get("Retry-After", ""))
    if value.isascii() and value.isdecimal():
        return min(float(value), 600.0)
    try:
        seconds = parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), 600.0)


Read = Callable[["Connection", Sequence["Delivery"]], Page | Ignored]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many recurring payments a store says it has; `is_least` where it counts only so far."""

    count: int
    is_least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How a store's past is read: a page after a cursor, and how much there is, where the store tells.

    `page` may keep what serves the next pages in the dict that it is given. `is_offered` says whether this very store
    has it; one that its maker does not document `is_experimental`.
    """

    page: Callable[["Connection", str, dict[str, Any]], Page]
    total: Callable[["Connection"], Total | None]
    is_offered: Callable[["Connection"], bool] = lambda _connection: True
    is_experimental: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a comparison looks at: what changed `since` a moment, and everything where it `is_full`.

    `mark` is where the one before stopped its round.
    """

    since: datetime
    is_full: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """How what no webhook told is found at a store: a page of what may be news, after a cursor.

    `watch` looks after our webhook there, mends it where it may, and says how it was found. `limits` says in a
    sentence what no comparison can find. `remarks` says in sentences how it had to be done, by the word of a page.
    """

    page: Callable[["Connection", Scope, str, dict[str, Any]], Page]
    watch: Callable[["Connection"], Watched]
    limits: "StrPromise" = ""
    remarks: "Mapping[str, StrPromise]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One thing that a store's administrator enters, by form and by command.

    `name` is the connection's field, `option` the command's. A new value of one that `is_tried` is shown to the store
    before it is kept; one that `is_for_tests` is not asked of people.
    """

    name: str
    option: str
    label: "StrPromise"
    help_text: "StrPromise" = ""
    is_secret: bool = False
    is_tried: bool = False
    is_required: bool = False
    is_for_tests: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A part of what a store tells that can be connected by itself, such as PayPal's checkout orders."""

    name: str
    label: "StrPromise"
    help_text: "StrPromise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One kind of store.

    `verify` proves that a delivery is the store's and raises BadDelivery; it parses nothing before that, and answers
    None for one that is to be taken politely and means nothing. `read` turns
    stored deliveries about one subject into a page of records, asking the store where it can, or says why they are
    ignored; a page with a cursor is asked for again with it. `prepare` looks up what reading many of them needs of our
    database, and answers with a `read` that needs the database no more and asks the store at least once; None where
    there is nothing to look up. `check` asks the store whether the credentials are good
    and raises ProviderError. `statuses` lists the raw status words that the provider knows, each with its normalised
    status. `payment_page` is the address of a payment's own page at the store, with `{id}` for the store's id of it.
    What a store lacks is None: `history` where it tells none, `verify` and `read` where it sends no webhooks, `check`
    where we ask it nothing, `statuses` where it speaks in our own words.
    `register` sets our webhook up at the store, or mends it, writes on the connection what follows, and answers what
    people should know beside that, mostly nothing. `rotate` puts a new webhook secret in the place of the old one,
    which stays valid for a day; `retire` takes away at the store what served the old one, once that day is over.
    `probe` looks what this very store can do, and writes that on the connection. All four raise ProviderError.
    `unregister` removes our webhook there again, where we may, and raises ProviderError.
    `tells_secret` says that the webhook secret is made here and told to the store, and not the other way round.
    `test_option` is what the command calls a store's test mode, and `is_live` reads the mode off the credentials where
    they tell it.
    `resources` are the parts that people choose among, where there are any.
    `reconcile` finds what no webhook told; None where we ask the store nothing.
    `status_of_our_faults` is what a webhook is answered with when we could not keep it; 500 makes a store send it
    again. A store that never does gains nothing by it, and one that counts failures would switch our webhook off for a
    fault of ours: there it is 200, and the next comparison brings what the webhook told.
    """

    name: str
    label: str
    credentials: tuple[Credential, ...]
    verify: Callable[["Connection", bytes, Mapping[str, str]], Incoming | None] | None
    read: Read | None
    check: Callable[["Connection"], None] | None
    history: History | None
    statuses: Mapping[str, str] | None
    payment_page: Callable[["Connection"], str] | None
    prepare: Callable[["Connection", Sequence["Delivery"]], Read | None] | None = None
    reconcile: Reconcile | None = None
    status_of_our_faults: int = 500
    register: Callable[["Connection"], str] | None = None
    unregister: Callable[["Connection"], None] | None = None
    rotate: Callable[["Connection"], None] | None = None
    retire: Callable[["Connection"], None] | None = None
    probe: Callable[["Connection"], None] | None = None
    tells_secret: bool = False
    resources: tuple[Resource, ...] = ()
    test_option: str = ""
    is_live: Callable[["Credentials"], bool | None] = lambda _credentials: None
