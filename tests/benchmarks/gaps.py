"""Why a goal is missed, and what was tried: one entry for each figure of the page that misses its goal."""

_DUCKDB = (
    "each payment is a row of more than sixty columns, which has to be read for two or three of them, where DuckDB "
    "reads these columns alone. People see the count within a quarter of a second; a copy by columns would have to be "
    "kept up."
)

_EVENTS = (
    "both cores are busy on both sides. Of the 7.5 ms that an event took them on a quiet day the workers had 3.1, the "
    "web 2.1, PostgreSQL 1.3, the pretend shop 0.6 and whoever posts 0.4; a webhook is taken at three quarters of the "
    "rate of a bare view. Looking up for many events at once what reading them needs, reserving moments together, and "
    "reading in many threads brought 6.7 ms an event in one process down to 3.8. What is left is spread thin: no "
    "function has more than a twentieth of it."
)
_HISTORY = (
    "the yardstick is the same on every day, and the machine is not: beside dj-stripe, in `side_by_side`, it was 1,217 "
    "a second the day before and 804 on this day, and dj-stripe's 38 and 22. Half of the time goes into applying what "
    "was read, at three quarters of the rate of a plain bulk_create or more."
)
_JOURNEYS = (
    "one client posts, one webhook after the other, each of which waits for its answer while workers have the cores: "
    "where eight clients post at once (`many`), 349 of the same webhooks a second are applied with their triggers met."
)

# name of the figure, database -> cause, and what was tried
GAPS: dict[tuple[str, str], str] = {
    ("history", "sqlite"): _HISTORY,
    ("history", "postgresql"): _HISTORY,
    ("contact_page", "sqlite"): (
        "by a fiftieth: the widget has 20 rows in place of 5, which cost 15 ms, most of it in the loop of the template "
        "and in dates and amounts as the reader's language writes them. Plain escapes in place of "
        "Django's own would bring 1 of them, and are not worth one more place that calls text safe."
    ),
    ("S1_one_payment", "sqlite"): _DUCKDB,
    ("S2_nested_with_not", "sqlite"): _DUCKDB,
    ("S3_window_of_time", "sqlite"): _DUCKDB,
    ("S3_window_of_time", "postgresql"): _DUCKDB,
    ("journeys", "sqlite"): _JOURNEYS,
    ("journeys", "postgresql"): _JOURNEYS,
    ("mailing_sending", "postgresql"): (
        "each e-mail is committed twice, before and after the mail server has it, so that a crash loses none and sends "
        "none twice, and PostgreSQL waits for the disk each time. To commit for several at once would leave as many "
        "uncertain after a crash. It was 50 a second: reading claimed e-mails together, three plain questions at the "
        "last moment in place of one with subqueries, and classes of headers that are made once brought the rest, and "
        "SQLite from 70 to more than 100."
    ),
    ("peer_events", "postgresql"): _EVENTS,
    ("peer_events_bursts", "postgresql"): _EVENTS,
    ("peer_events_thrice", "postgresql"): (
        "two of three requests are repetitions, each of which is verified and handed to the database, which refuses "
        "it. A bare view that stores one row takes 480 to 670 requests a second here, so no more than 160 to 223 "
        "events could come in that way; five times dj-stripe's, which looks a repetition up and ends there, is as many."
    ),
    ("peer_events_slow", "postgresql"): (
        "the first event of a subscription that history brought asks for its first invoice too, so it waits for two "
        "answers. With 24 questions to a store on their way at once in each process, where there were 12, waiting "
        "costs little now; what is left is what is said for events without it."
    ),
    ("peer_statements_alone", "postgresql"): (
        "an event that comes alone wakes workers for it alone: some thirty statements until it is applied and its "
        "triggers were looked at, with those that begin and end transactions, and some forty until its person has "
        "got a tag and workers have looked whether more is due. dj-stripe stores it, and is done. It was 130 before "
        "reports wrote only what has become otherwise."
    ),
    ("many_machines", "postgresql"): (
        "ten machines on two cores: the workers of six wake for each burst and share what one would take at once, so "
        "each question, transaction and look for more is for fewer events, and twenty processes take turns on the "
        "cores. What this shows is that they work together and that none of their deaths loses anything; what more "
        "machines bring can only be seen on more machines. 1 web and 1 worker took 79 a second when the goal was set."
    ),
}
