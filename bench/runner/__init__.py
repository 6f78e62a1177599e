"""Runs the load generator against Aerie and its peers, in turns, and writes down what it finds."""
