"""How fast the program is, against a peer and against a bound: `python -m benchmarks`."""
