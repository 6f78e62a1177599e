import unittest

from runner.figures import Figures
from runner.goals import CPU, FLOOR, NODE, RAW, Goal, Term
from runner.intervals import spread


def run(case: str, server: str, number: int, cpu: float) -> dict:
    return {"case": case, "server": server, "round": number, CPU: cpu, "unit": "ack", "limit": "server"}


def figures(**cpu: list[float]) -> Figures:
    """Figures of a case `echo` with one value per round for each server; the names' underscores are dots."""
    found = Figures()
    runs = [
        run("echo", server.replace("_", "."), number, value)
        for server, values in cpu.items()
        for number, value in enumerate(values)
    ]
    found.replace(runs, "2000-01-01")
    return found


class GoalsVerdict(unittest.TestCase):
    least = Goal("", Term("echo", (NODE,)), Term("echo", ("aerie",)), 10)
    most = Goal("", Term("echo", ("aerie",)), Term("echo", (FLOOR,)), 1.1, at_least=False)

    def test_is_reached_only_if_the_whole_interval_is(self):
        self.assertEqual(self.least.verdict(spread([10.1] * 9)), "reached")
        self.assertEqual(self.most.verdict(spread([1.0] * 9)), "reached")
        self.assertEqual(self.least.verdict(spread([9.9] * 9)), "**not reached**")
        self.assertEqual(self.most.verdict(spread([1.2] * 9)), "**not reached**")

    def test_is_a_tie_where_the_interval_has_the_goal_inside(self):
        self.assertEqual(self.least.verdict(spread([9, 9, 9, 9, 11, 11, 11, 11, 11])), "tie, median reached")
        self.assertEqual(self.least.verdict(spread([9, 9, 9, 9, 9, 11, 11, 11, 11])), "tie, median short")
        self.assertEqual(
            self.most.verdict(spread([1, 1, 1, 1, 1.2, 1.2, 1.2, 1.2, 1.2])), "tie, median short"
        )

    def test_is_left_open_with_too_few_rounds(self):
        self.assertEqual(self.least.verdict(spread([12] * 5)), "median reached, too few rounds to tell")

    def test_is_not_shaken_by_one_bad_round(self):
        self.assertEqual(self.least.verdict(spread([5, *[12] * 8])), "reached")


class GoalsRatio(unittest.TestCase):
    def test_is_taken_within_rounds(self):
        # The second round is disturbed for both.
        goal = Goal("", Term("echo", (NODE,)), Term("echo", ("aerie",)), 4)
        found = goal.spread(figures(aerie=[1, 10, 1], socket_io=[4, 40, 4]))
        self.assertEqual((found.minimum, found.median, found.maximum), (4, 4, 4))

    def test_uses_only_rounds_in_which_both_took_part(self):
        goal = Goal("", Term("echo", (NODE,)), Term("echo", ("aerie",)), 4)
        self.assertEqual(goal.spread(figures(aerie=[1, 1, 1], socket_io=[4])).count, 1)

    def test_compares_with_the_better_of_several_in_each_round(self):
        goal = Goal("", Term("echo", (FLOOR, RAW)), Term("echo", ("aerie",)), 1)
        found = goal.spread(figures(aerie=[1, 1], floor=[2, 5], uwebsockets=[4, 3]))
        self.assertEqual((found.minimum, found.maximum), (2, 3))

    def test_is_absent_without_figures(self):
        goal = Goal("", Term("echo", (NODE,)), Term("echo", ("aerie",)), 4)
        self.assertIsNone(goal.spread(figures(aerie=[1])))
