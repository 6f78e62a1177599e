"""One session of measurements: in every round every case, in every case one server after the other."""

import dataclasses
import json
import os
import subprocess
from pathlib import Path

from runner import machine
from runner.cases import Case
from runner.servers import BIN, SERVERS


@dataclasses.dataclass(frozen=True)
class Plan:
    cases: list[Case]
    servers: list[str]
    rounds: int
    seconds: float
    warm_up: float
    smoke: bool = False

    def runs(self) -> list[tuple[int, Case, str]]:
        """Round, case and server of each run, in order.

        The servers of a case follow each other at once, so that all of a round meet the same weather. A round
        begins with another one, so that none always finds the machine as the same predecessor has left it.
        """
        return [
            (number, case, server)
            for number in range(self.rounds)
            for case in self.cases
            for server in _rotated(self._servers_of(case, number), number)
        ]

    def _servers_of(self, case: Case, number: int) -> list[str]:
        every_time = number % 3 == 0 or self.rounds < 3
        return [name for name in case.servers if name in self.servers and (every_time or name in case.always)]


def _rotated(items: list[str], by: int) -> list[str]:
    by %= max(len(items), 1)
    return items[by:] + items[:by]


class Log:
    """The runs that were made, one line of JSON each; an interrupted session finds its own there again."""

    def __init__(self, path: Path, resume: bool):
        self._path = path
        self._runs: dict[tuple, dict] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if resume and path.exists():
            for line in path.read_text().splitlines():
                self._note(json.loads(line))
        else:
            path.write_text("")

    @property
    def runs(self) -> list[dict]:
        """Of a run that was made again the last try only."""
        return list(self._runs.values())

    def has(self, number: int, case: str, server: str) -> bool:
        """Whether this run was made and has not failed."""
        return "error" not in self._runs.get((number, case, server), {"error": "not made"})

    def add(self, run: dict) -> None:
        self._note(run)
        with self._path.open("a") as file:
            file.write(json.dumps(run) + "\n")

    def _note(self, run: dict) -> None:
        self._runs[run["round"], run["case"], run["server"]] = run


def measure(plan: Plan, case: Case, server: str) -> dict:
    """The figures of one run, or {"error": why there are none}."""
    cores = machine.ALL_SERVER_CORES if case.all_cores else machine.SERVER_CORES
    arguments = case.arguments(plan.seconds, plan.warm_up, plan.smoke)
    try:
        with SERVERS[server].run(cores) as running:
            done = subprocess.run(
                [str(BIN / "bench_load"), *running.arguments, *arguments],
                capture_output=True,
                text=True,
                check=False,
                timeout=150,
                preexec_fn=lambda: os.sched_setaffinity(0, machine.GENERATOR_CORES),
            )
            figures = running.figures()
    except (RuntimeError, subprocess.SubprocessError) as error:
        return {"error": str(error)}
    if done.returncode != 0:
        return {"error": done.stderr.strip().removeprefix("bench_load: ") or f"exit status {done.returncode}"}
    result = json.loads(done.stdout)
    # Whatever is divided by none is no figure.
    return {**result, **figures} if result["units"] > 0 else {"error": "no unit of work was done during the run"}


def carry_out(plan: Plan, log: Log, say) -> None:
    runs = plan.runs()
    for count, (number, case, server) in enumerate(runs, 1):
        if log.has(number, case.name, server):
            continue
        result = measure(plan, case, server)
        log.add({"round": number, "case": case.name, "server": server, **result})
        say(f"[{count}/{len(runs)}] {case.name:20} {server:14} {_summary(result)}")


def _summary(result: dict) -> str:
    if "error" in result:
        return f"failed: {result['error']}"
    # Somebody else was at work; or threads of the server's own, which share its core.
    waited = result["server_waited"] + result["generator_waited"]
    return (
        f"{result['server_us_per_unit']:9.3f} us per {result['unit']}, {result['per_s']:9.0f} per s"
        + (", the generator was the limit" if result["limit"] == "generator" else "")
        + (f", waited for a core ({waited:.0%})" if waited > 0.1 else "")
    )
