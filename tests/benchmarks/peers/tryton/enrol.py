"""Let parties into a scenario of Tryton's marketing automation, and print the seconds that it took.

It is called with a configuration file, a database in which the module is active, and a number of parties, of whom all
belong to the scenario. The scenario asks for a condition of each, as ours does.
"""

import json
import sys
import time
from itertools import batched

from trytond import config
from trytond.pool import Pool
from trytond.transaction import Transaction

CONDITION = '{"__class__": "Eval", "v": "self", "d": {}}'


def main(file: str, database: str, size: int) -> None:
    """Make the parties, and measure the trigger that runs each quarter of an hour."""
    config.update_etc(file)
    Pool.start()
    pool = Pool(database)
    with Transaction().start(database, 0):
        pool.init()
    with Transaction().start(database, 0):
        _gather(pool, size)
        _scenario(pool)
        Transaction().commit()
    start = time.perf_counter()
    with Transaction().start(database, 0):
        pool.get("marketing.automation.scenario").trigger()
        Transaction().commit()
    seconds = time.perf_counter() - start
    with Transaction().start(database, 0, readonly=True):
        entered = pool.get("marketing.automation.record").search([], count=True)
        first = pool.get("marketing.automation.record.activity").search([], count=True)
    print(json.dumps({"seconds": seconds, "entered": entered, "first_steps": first}))


def _gather(pool: Pool, size: int) -> None:
    party = pool.get("party.party")
    for some in batched(range(size), 1000):
        party.create([{"name": f"Person {number}"} for number in some])


def _scenario(pool: Pool) -> None:
    scenario, activity = (pool.get(f"marketing.automation.{name}") for name in ("scenario", "activity"))
    [made] = scenario.create([{"name": "Bench", "model": "party.party", "domain": '[["name", "like", "Person %"]]'}])
    activity.create([{"name": "First", "parent": str(made), "condition": CONDITION}])
    scenario.run([made])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
