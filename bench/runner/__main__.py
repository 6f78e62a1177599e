"""The command line; script/bench has built the programs when it gets here."""

import argparse
import re
import signal
import sys
from pathlib import Path

from runner import durability, machine, markdown, plots, scaling, smoke
from runner.cases import CASES, CLUSTERS, DELIVERY, IO_URING, IO_URING_CASES, STORED, Case
from runner.figures import Figures
from runner.servers import ROOT, SERVERS, available
from runner.session import Log, Plan, carry_out

RAW = ROOT / "build/bench"
BENCH = ROOT / "bench"
FIGURES = BENCH / "results/figures.json"
QUICK_SERVERS = "aerie,socket.io,floor"
SMOKE_SERVERS = "aerie,aerie-2,floor,aerie-redis,aerie-redis-sharded,aerie-streams,aerie-exactly-once,aerie-deflate-shared,aerie-deflate-context,aerie-msgpack,aerie-controllers,aerie-tls,nginx,beast,aerie-chat-sqlite,aerie-chat-postgres"
# What is asked for by its name: the cases, and the servers that take part.
TOPICS = {
    "cluster": ("^cluster-", ",".join(CLUSTERS)),
    "delivery": ("^delivery-", ",".join(DELIVERY)),
    "io-uring": (".", ",".join(IO_URING)),
    "chat": ("^stored-", ",".join(STORED)),
}


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description="Measures Aerie and its peers.")
    parser.add_argument(
        "topic",
        nargs="?",
        choices=[*TOPICS, "scaling", "durability"],
        help="cluster: servers that share a Redis, against npm socket.io that do; "
        "delivery: what recovery over a stream costs, against npm socket.io with its streams adapter; "
        "io-uring: what a turn's sends through an io_uring save, beside npm socket.io; "
        "chat: messages that the program of apps/chat stores and delivers, with SQLite and with PostgreSQL; "
        "durability: what it costs that Redis keeps what it has confirmed; "
        "scaling: what a message costs Redis and servers as a cluster grows",
    )
    parser.add_argument("--full", action="store_true", help="every case and server; writes bench/RESULTS.md")
    parser.add_argument(
        "--smoke", action="store_true", help="every case for an instant: a test of the bench itself"
    )
    parser.add_argument("--report", action="store_true", help="only writes bench/RESULTS.md anew")
    parser.add_argument("--only", metavar="REGEX", help="the cases whose names it matches")
    parser.add_argument("--servers", metavar="LIST", help=f"of {', '.join(SERVERS)}")
    parser.add_argument("--pairs", type=int, metavar="N", help="rounds (9 with --full, else 3)")
    parser.add_argument("--seconds", type=float, metavar="S", help="of measuring in each run")
    parser.add_argument("--resume", action="store_true", help="goes on with an interrupted session")
    parser.add_argument("--list", action="store_true", help="names the cases")
    options = parser.parse_args()
    if options.topic in TOPICS:
        only, servers = TOPICS[options.topic]
        options.only = options.only or only
        options.servers = options.servers or servers
    return options


def _wanted_cases(options: argparse.Namespace, file_limit: int) -> list[Case]:
    every = options.full or options.smoke or options.only
    cases = IO_URING_CASES if options.topic == "io-uring" else CASES
    wanted = [case for case in cases if (every or case.quick) and re.search(options.only or "", case.name)]
    for case in wanted:
        if case.descriptors() > file_limit and not options.smoke:
            say(f"left out: {case.name} needs {case.descriptors()} open files; ulimit -Hn says {file_limit}")
    return [case for case in wanted if options.smoke or case.descriptors() <= file_limit]


def _plan(options: argparse.Namespace) -> Plan:
    cases = _wanted_cases(options, machine.raise_file_limit())
    if not cases:
        sys.exit("script/bench: no case has such a name; --list names them")
    servers = list(SERVERS)
    if options.servers or not options.full:
        servers = (options.servers or QUICK_SERVERS).split(",")
        if any(case.name == "threads" for case in cases) and not options.servers:
            servers.append("aerie-2")
    for server in servers:
        if server not in SERVERS:
            sys.exit(f"script/bench: there is no server {server}; there are {', '.join(SERVERS)}")
    return Plan(
        cases=cases,
        servers=available(servers, say),
        rounds=options.pairs or (9 if options.full else 3),
        seconds=options.seconds or (1.5 if options.full else 1),
        warm_up=0.5 if options.full else 0.3,
    )


def _log_path(options: argparse.Namespace) -> Path:
    # A part has a file of its own, so that it does not end an interrupted session of the whole.
    return RAW / f"{'full' if options.full else 'quick'}{'-part' if options.only else ''}.jsonl"


def _compiler() -> str:
    cache = (ROOT / "build/release/CMakeCache.txt").read_text()
    match = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.+)$", cache, re.MULTILINE)
    return match[1] if match else "c++"


def _write_report(figures: Figures, folder: Path) -> None:
    (folder / "RESULTS.md").write_text(markdown.report(figures))
    plots.write_all(figures, folder / "results")
    say(f"written: {folder.relative_to(ROOT)}/RESULTS.md")


def _figures_of(runs: list[dict], known: Figures) -> Figures:
    description = machine.describe(_compiler())
    # What is not measured now stays with the machine on which it was.
    for case in known.data["cases"].values():
        case.setdefault("processor", known.data["machine"].get("processor", ""))
    known.data["machine"] = description
    known.data["servers"] |= {name: server.full_title() for name, server in SERVERS.items()}
    known.replace(runs, description["date"])
    for run in runs:
        known.data["cases"][run["case"]]["processor"] = description.get("processor", "")
    return known


def main() -> int:
    # As an exception, so that the server under way is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = _options()
    if options.list:
        for case in CASES:
            print(f"{case.name:20} {case.title}{'' if case.quick else ' (--full)'}")
        return 0
    if options.report:
        _write_report(Figures.load(FIGURES), BENCH)
        return 0
    if options.smoke:
        return smoke.run((options.servers or SMOKE_SERVERS).split(","), say)

    if options.topic == "scaling":
        return scaling.run(options.pairs or 5, say)
    if options.topic == "durability":
        return durability.run(options.pairs or 5, options.seconds or 2)

    plan = _plan(options)
    log = Log(_log_path(options), options.resume)
    try:
        carry_out(plan, log, say)
    except KeyboardInterrupt:
        say("interrupted; the same command with --resume goes on from here")
        return 130
    runs = [run for run in log.runs if run["case"] in {case.name for case in plan.cases}]
    if options.full:
        figures = _figures_of(runs, Figures.load(FIGURES))
        figures.save(FIGURES)
        _write_report(figures, BENCH)
    else:
        figures = _figures_of(runs, Figures())
        for case in plan.cases:
            print(markdown.case_section(figures, case))
        print(markdown.goals_section(figures))
    return 1 if any("error" in run for run in runs) else 0


sys.exit(main())
