"""`make demo`: the whole product on one machine, with pretend stores, until Ctrl-C."""
