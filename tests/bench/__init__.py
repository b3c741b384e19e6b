"""Benchmarks, and the generator of the large packages on which they run."""
