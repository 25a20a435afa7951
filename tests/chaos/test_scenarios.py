"""Each fault is done somewhere, and what a machine lacks is left out and nothing else."""

from tests.chaos.faults import FAULTS
from tests.chaos.scenarios import QUICK, SCENARIOS

EVERYTHING = {"server", "disk", "clock"}


def test_every_fault_is_done_in_a_scenario_of_its_own_kind_and_all_but_a_false_clock_by_chance() -> None:
    done = {name for one in SCENARIOS.values() if one.at_once == 1 or one.name == "network" for name in one.faults}
    assert done == FAULTS.keys()
    by_chance = {fault.name for fault in SCENARIOS[QUICK].possible(EVERYTHING)}
    assert {FAULTS[name].needs for name in FAULTS.keys() - by_chance} == {"clock"}


def test_only_a_calm_run_breaks_nothing() -> None:
    assert [one.name for one in SCENARIOS.values() if not one.possible(EVERYTHING)] == ["calm"]


def test_what_a_machine_lacks_is_left_out() -> None:
    plain = {fault.name for fault in SCENARIOS["sqlite"].possible(set())}
    assert plain == {name for name, fault in FAULTS.items() if not fault.needs}
    assert SCENARIOS["disk"].possible({"server", "clock"}) == []
