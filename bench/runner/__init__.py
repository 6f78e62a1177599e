"""Runs the load generator against Aerie and its peers, in turns, and writes what it found. See bench/README.md."""
