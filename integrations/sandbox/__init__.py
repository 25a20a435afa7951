"""Pretend shops that speak the providers' wire protocols on this machine, for the demo, tests and benchmarks."""
