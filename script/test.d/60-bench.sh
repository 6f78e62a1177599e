# The bench judges rightly, and every case runs for an instant against Aerie and the floor. Nothing is timed.
counted python3 -B -m unittest discover -s bench/runner/tests -t bench
counted script/bench --smoke
