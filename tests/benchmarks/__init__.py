"""What `make bench` measures: ratios within one run, each against a stated yardstick."""
