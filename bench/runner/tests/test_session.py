import tempfile
import unittest
from pathlib import Path

from runner.cases import CASES
from runner.servers import SERVERS
from runner.session import Log, Plan


def full_plan() -> Plan:
    return Plan(list(CASES), list(SERVERS), rounds=9, seconds=2, warm_up=0.5)


class PlanOfASession(unittest.TestCase):
    def test_runs_the_servers_of_a_case_one_after_the_other(self):
        seen = set()
        last = None
        for number, case, _ in full_plan().runs():
            if (number, case.name) != last:
                self.assertNotIn((number, case.name), seen)
                seen.add((number, case.name))
                last = (number, case.name)

    def test_gives_the_pairs_that_the_goals_name_nine_rounds(self):
        runs = [(case.name, server) for _, case, server in full_plan().runs()]
        for case in CASES:
            for server in case.always:
                if server in case.servers:
                    self.assertEqual(runs.count((case.name, server)), 9, f"{case.name} {server}")
            for server in set(case.servers) - set(case.always):
                self.assertEqual(runs.count((case.name, server)), 9 if len(case.servers) == 1 else 3)

    def test_begins_each_round_with_another_server(self):
        case = next(case for case in CASES if case.name == "echo-1")
        plan = Plan([case], ["aerie", "floor", "socket.io"], rounds=3, seconds=1, warm_up=0)
        self.assertEqual(
            {server for i, (_, _, server) in enumerate(plan.runs()) if i % 3 == 0}, set(plan.servers)
        )


class LogOfASession(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "bench/runs.jsonl"

    def test_knows_its_runs_again(self):
        Log(self.path, resume=False).add({"round": 0, "case": "echo-1", "server": "aerie"})
        again = Log(self.path, resume=True)
        self.assertTrue(again.has(0, "echo-1", "aerie"))
        self.assertFalse(again.has(1, "echo-1", "aerie"))

    def test_tries_again_what_has_failed(self):
        Log(self.path, resume=False).add({"round": 0, "case": "echo-1", "server": "aerie", "error": "lost"})
        again = Log(self.path, resume=True)
        self.assertFalse(again.has(0, "echo-1", "aerie"))
        again.add({"round": 0, "case": "echo-1", "server": "aerie"})
        self.assertEqual(again.runs, [{"round": 0, "case": "echo-1", "server": "aerie"}])

    def test_begins_anew_if_not_told_to_resume(self):
        Log(self.path, resume=False).add({"round": 0, "case": "echo-1", "server": "aerie"})
        self.assertEqual(Log(self.path, resume=False).runs, [])
