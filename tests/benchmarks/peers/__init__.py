"""Other products that are measured beside this one, each in an environment of its own that only the benchmarks make."""
