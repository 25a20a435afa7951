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
        "both cores are busy on both sides, with the pretend shop and whoever posts among what keeps them so. Looking "
        "up for many events at once what reading them needs, reserving moments together, and reading in 24 threads "
        "brought 6.7 ms an event down to 3.8. What is left is mostly the question to the store."
    ),
    ("peer_events_thrice", "postgresql"): (
        "two of three requests are repetitions, each of which is verified and handed to the database, which refuses "
        "it. That costs as much as a first event; it has not been made cheaper yet."
    ),
    ("peer_events_slow", "postgresql"): (
        "the first event of a subscription that history brought asks for its first invoice too, so it waits for two "
        "answers; of 24 requests at once that leaves 120 events a second."
    ),
    ("peer_statements_alone", "postgresql"): (
        "an event that comes alone wakes workers for it alone: some twenty statements until it is applied, with those "
        "that begin and end transactions, some sixty more until its person has got a tag and workers have looked "
        "whether more is due, and the rest keeps reports up. dj-stripe stores it, and is done."
    ),
}
