"""Why a goal is missed, and what was tried: one entry for each figure of the page that misses its goal."""

# name of the figure, database -> cause, and what was tried
GAPS: dict[tuple[str, str], str] = {}
