"""Why a goal is missed, and what was tried: one entry for each figure of the page that misses its goal."""

_DUCKDB = (
    "each payment is a row of more than sixty columns, which has to be read for two or three of them, where DuckDB "
    "reads these columns alone. People see the count within a quarter of a second; a copy by columns would have to be "
    "kept up."
)

# name of the figure, database -> cause, and what was tried
GAPS: dict[tuple[str, str], str] = {
    ("contact_page", "sqlite"): (
        "by less than a hundredth: 300 payments cost 14 ms more than 5. Where these go has not been looked at again."
    ),
    ("S1_one_payment", "sqlite"): _DUCKDB,
    ("S2_nested_with_not", "sqlite"): _DUCKDB,
    ("S3_window_of_time", "sqlite"): _DUCKDB,
    ("S3_window_of_time", "postgresql"): _DUCKDB,
    ("peer_events", "postgresql"): (
        "both cores are busy on both sides. Of the 7.5 ms that an event takes them the workers have 3.1, the web 2.1, "
        "PostgreSQL 1.3, the pretend shop 0.6 and whoever posts 0.4; a webhook takes three quarters of what a bare "
        "view does already. Looking up for many events at once what reading them needs, reserving moments together, "
        "and reading in many threads brought 6.7 ms an event in one process down to 3.8. What is left is spread thin; "
        "most of it is the question to the store."
    ),
    ("peer_events_thrice", "postgresql"): (
        "two of three requests are repetitions, each of which is verified and handed to the database, which refuses "
        "it. A bare view that stores one row takes 670 requests a second here, so no more than 223 events could come "
        "in that way; five times dj-stripe's, which looks a repetition up and ends there, would be more than that."
    ),
    ("peer_events_slow", "postgresql"): (
        "the first event of a subscription that history brought asks for its first invoice too, so it waits for two "
        "answers. With 24 questions to a store on their way at once in each process, where there were 12, waiting "
        "costs little now: in later rounds almost as many events are applied with it as without, on busy cores."
    ),
    ("peer_statements_alone", "postgresql"): (
        "an event that comes alone wakes workers for it alone: some thirty statements until it is applied and its "
        "triggers were looked at, with those that begin and end transactions, and some forty until its person has "
        "got a tag and workers have looked whether more is due. dj-stripe stores it, and is done. Since this was "
        "measured, reports write only what has become otherwise, which leaves 75 of the 130."
    ),
}
