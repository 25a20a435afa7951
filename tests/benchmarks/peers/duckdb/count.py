"""Read tables from CSV files into a DuckDB file, and count by SQL: one JSON line a statement, with the least seconds.

It is called with a folder that holds `NAME.csv` files, each with its columns' names and types in `NAME.sql`, and reads
statements, one a line, from its input.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

ROUNDS = 5


def main(folder: Path) -> None:
    """Read, and answer."""
    connection = duckdb.connect(str(folder / "duck.db"))
    for columns in sorted(folder.glob("*.sql")):
        table = columns.stem
        connection.execute(f"CREATE TABLE {table} ({columns.read_text()})")
        connection.execute(f"COPY {table} FROM '{folder / table}.csv' (FORMAT csv, HEADER false)")
    for statement in sys.stdin:
        taken = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            [(count,)] = connection.execute(statement).fetchall()
            taken.append(time.perf_counter() - start)
        print(json.dumps({"count": count, "seconds": min(taken)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
