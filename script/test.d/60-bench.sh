# The bench works: every case for an instant against Aerie and the floor. Nothing is timed.
counted script/bench --smoke
