import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

from runner import markdown, plots
from runner.cases import CASES
from runner.figures import Figures

QUANTITIES = (
    "per_s",
    "server_cpu",
    "generator_cpu",
    "kib_per_connection",
    "p50_us",
    "p99_us",
    "before_p99_us",
    "growth_kib_per_slow_reader",
    "slow_readers_dropped",
)


def whole_session() -> list[dict]:
    return [
        {
            "case": case.name,
            "server": server,
            "round": number,
            "unit": "delivery",
            "limit": "server",
            "server_us_per_unit": 1.0 + 0.5 * place + 0.01 * number,
            **dict.fromkeys(QUANTITIES, 0.5),
        }
        for case in CASES
        for place, server in enumerate(case.servers)
        for number in range(9)
    ]


def whole_figures() -> Figures:
    figures = Figures({"machine": {"processor": "Test, 2 cores"}, "servers": {}, "cases": {}})
    figures.replace(whole_session(), "2000-01-01")
    return figures


class Report(unittest.TestCase):
    def test_has_a_table_for_every_case_whose_rows_are_as_wide_as_its_head(self):
        for case in CASES:
            with self.subTest(case=case.name):
                lines = [
                    line
                    for line in markdown.case_section(whole_figures(), case).split("\n")
                    if line.startswith("|")
                ]
                self.assertEqual(len(lines), 2 + len(case.servers))
                self.assertEqual(len({line.count("|") for line in lines}), 1)

    def test_judges_every_goal(self):
        for line in markdown.goals_section(whole_figures()).split("\n")[2:]:
            self.assertRegex(
                line,
                r"\| (reached|\*\*not reached\*\*|tie, median (reached|short)|not to be judged here.*) \|$",
            )

    def test_calls_equal_servers_a_tie(self):
        figures = Figures()
        runs = [
            run for run in whole_session() if run["case"] == "echo-1" and run["server"] in ("aerie", "floor")
        ]
        figures.replace([{**run, "server_us_per_unit": 1.0} for run in runs], "2000-01-01")
        case = next(case for case in CASES if case.name == "echo-1")
        self.assertIn("1 [1 – 1], a tie", markdown.case_section(figures, case))

    def test_shows_failures(self):
        figures = Figures()
        figures.replace(
            [{"case": "echo-1", "server": "aerie", "round": 0, "error": "3 were lost"}], "2000-01-01"
        )
        case = next(case for case in CASES if case.name == "echo-1")
        self.assertIn("failed: 3 were lost", markdown.case_section(figures, case))

    def test_is_whole_with_or_without_figures(self):
        for figures in (whole_figures(), Figures()):
            self.assertTrue(markdown.report(figures).startswith("# Results"))


class Plots(unittest.TestCase):
    def test_are_well_formed_with_or_without_figures(self):
        for figures in (whole_figures(), Figures()):
            for plot in (plots.cpu, plots.growth, plots.memory):
                xml.fromstring(plot(figures))


class FiguresInTheirFile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "figures.json"

    def test_are_the_same_when_they_come_back(self):
        whole_figures().save(self.path)
        self.assertEqual(Figures.load(self.path).data, whole_figures().data)

    def test_change_only_for_the_cases_and_servers_that_were_measured(self):
        figures = whole_figures()
        runs = [run for run in whole_session() if (run["case"], run["server"]) == ("echo-1", "floor")]
        figures.replace([{**run, "server_us_per_unit": 77.0} for run in runs][:3], "2000-01-02")
        self.assertEqual(figures.series("echo-1", "floor", "server_us_per_unit"), {0: 77.0, 1: 77.0, 2: 77.0})
        for other in (("echo-1", "aerie"), ("echo-10", "floor")):
            self.assertEqual(
                figures.series(*other, "server_us_per_unit"),
                whole_figures().series(*other, "server_us_per_unit"),
            )
