"""Measures `aerie::client` beside npm's `socket.io-client` and `socket.io-client-cpp`: script/bench client.

Each round runs each client once, one after the other, against one `bench_server`; what is reported is the median of the
rounds. `socket.io-client-cpp` is no part of this repository: `--sio-cpp DIR` says where a copy of it is, with
`--sio-include DIR` for what it is built with (websocketpp, asio and rapidjson, Debian's packages for instance). Without it it
is left out, and the table says so.
"""

import argparse
import datetime
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = ROOT / "build/release/bin"
RESULTS = ROOT / "bench/client/RESULTS.md"
SIO_SOURCES = ["sio_client.cpp", "sio_socket.cpp", "internal/sio_client_impl.cpp", "internal/sio_packet.cpp"]
SIO_DEFINITIONS = ["DNDEBUG", "DASIO_STANDALONE", "DBOOST_DATE_TIME_NO_LIB", "DBOOST_REGEX_NO_LIB"] + [
    f"D_WEBSOCKETPP_CPP11_{part}_" for part in ("STL", "FUNCTIONAL", "TYPE_TRAITS", "CHRONO")
]
# A program is linked to what it uses of a library.
SECTIONS = ["-ffunction-sections", "-fdata-sections"]
LONGEST_RUN = 300


@dataclass
class Case:
    """What each client is asked for, and what one unit of it is called."""

    name: str
    words: list
    unit: str
    # A client with a thread for each connection is asked for fewer.
    fewer: int = 0


def cases(scale):
    def number(full):
        return str(max(10, int(full * scale)))

    return [
        Case("echo, 1 in flight", ["echo", number(20_000), "1"], "echo"),
        Case("echo, 100 in flight", ["echo", number(200_000), "100"], "echo"),
        Case("events of 64 characters", ["receive", number(300_000), "64"], "event"),
        Case("events of 1 KiB", ["receive", number(100_000), "1024"], "event"),
        Case("connect, one after the other", ["connect", number(500)], "connection"),
        Case("connections at the same time", ["hold", "10000" if scale >= 0.1 else "200"], "connection", fewer=1000),
    ]


class Client:
    def __init__(self, name, command, threads_per_connection=False):
        self.name = name
        self.command = command
        self.threads_per_connection = threads_per_connection

    def run(self, url, case):
        words = list(case.words)
        if self.threads_per_connection and case.fewer:
            words[1] = str(min(int(words[1]), case.fewer))
        done = subprocess.run(
            [*self.command, url, *words], capture_output=True, text=True, timeout=LONGEST_RUN, check=False, cwd=ROOT
        )
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}, {case.name}: status {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)


class Server:
    def __enter__(self):
        self.process = subprocess.Popen(
            [BIN / "bench_server", "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        return re.search(r"http://\S+", line)[0]

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def compile_command(options, *words):
    return [options.compiler, "-std=c++20", "-O2", "-DNDEBUG", *map(str, words)]


def sio_library(options, folder, include, *flags):
    """socket.io-client-cpp, built with these flags."""
    definitions = [f"-{each}" for each in SIO_DEFINITIONS]
    folder.mkdir()
    objects = []
    for source in SIO_SOURCES:
        objects.append(folder / (Path(source).stem + ".o"))
        # It is older than C++20.
        command = [options.compiler, "-std=c++17", "-O2", "-w", *SECTIONS, *definitions, *flags, *include, "-c"]
        subprocess.run([*command, str(Path(options.sio_cpp) / "src" / source), "-o", str(objects[-1])], check=True)
    library = folder / "libsio.a"
    subprocess.run(["ar", "rcs", library, *objects], check=True)
    return library


def build_sio(options, folder):
    """The bench program with socket.io-client-cpp, its library without and with TLS, and how both are included."""
    include = [f"-I{each}" for each in [Path(options.sio_cpp) / "src", *options.sio_include]]
    library = sio_library(options, folder / "plain", include)
    with_tls = sio_library(options, folder / "tls", include, "-DSIO_TLS")
    program = folder / "sio_client"
    subprocess.run(
        compile_command(options, *include, ROOT / "bench/client/sio_client.cpp", library, "-pthread", "-o", program),
        check=True,
    )
    return program, library, with_tls, include


def seconds_to_compile(command, times):
    found = []
    for _ in range(times):
        before = os.times()
        subprocess.run(command, check=True)
        after = os.times()
        found.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(found)


def grouped(number):
    return f"{number:,}".replace(",", " ")


def stripped_size(program, folder):
    copy = folder / "stripped"
    shutil.copy(program, copy)
    subprocess.run(["strip", copy], check=True)
    return copy.stat().st_size


def built_like_the_others(options, folder):
    """The smallest program with our client, with the optimization that the others are built with."""
    configure = ["cmake", "--preset", "release", "-B", folder, f"-DCMAKE_CXX_COMPILER={options.compiler}"]
    subprocess.run([*configure, "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG"], cwd=ROOT, check=True, stdout=sys.stderr)
    subprocess.run(["cmake", "--build", folder, "--target", "client_hello_world"], check=True, stdout=sys.stderr)
    return folder / "bin/client_hello_world"


def hello_world(options, folder, sio):
    """Of each client in C++: what a program of a few lines takes to compile, and how large it is."""
    rows = {}
    source = ROOT / "tests/client/hello_world.cpp"
    seconds = seconds_to_compile(
        compile_command(options, *SECTIONS, f"-I{ROOT / 'include'}", "-c", source, "-o", folder / "hello.o"), options.rounds
    )
    rows["aerie::client"] = (seconds, stripped_size(built_like_the_others(options, folder / "aerie"), folder))
    rows["aerie::client, preset release (-O3)"] = (seconds, stripped_size(BIN / "client_hello_world", folder))
    if sio:
        _, library, with_tls, include = sio
        source = ROOT / "bench/client/sio_hello.cpp"
        seconds = seconds_to_compile(
            compile_command(options, *SECTIONS, *include, "-c", source, "-o", folder / "hello.o"), options.rounds
        )
        for name, linked in [
            ("socket.io-client-cpp", [library]),
            ("socket.io-client-cpp with TLS", [with_tls, "-lssl", "-lcrypto"]),
        ]:
            program = folder / "sio_hello"
            subprocess.run(
                compile_command(options, folder / "hello.o", *linked, "-pthread", "-Wl,--gc-sections", "-o", program),
                check=True,
            )
            rows[name] = (seconds, stripped_size(program, folder))
    return rows


def measure(options, clients):
    """For each case and client the rounds' figures."""
    found = {}
    with Server() as url:
        for number in range(options.rounds):
            for case in cases(options.scale):
                for client in clients[number % len(clients) :] + clients[: number % len(clients)]:
                    print(f"round {number + 1}: {client.name}, {case.name}", file=sys.stderr, flush=True)
                    found.setdefault((case.name, client.name), []).append(client.run(url, case))
                    # What it leaves behind is not the next one's.
                    time.sleep(options.pause)
    return found


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")[0]


def per_unit(runs, member):
    return statistics.median(run[member] / run["work"] for run in runs)


def shown(value):
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}".replace(",", " ")


def ratio(found, case, other, member, factor):
    """How many times what ours takes: round by round, the median."""
    ours = found[case.name, "aerie::client"]
    theirs = found[case.name, other]
    ratios = [(b[member] / b["work"]) / (a[member] / a["work"]) for a, b in zip(ours, theirs)]
    return f"{shown(per_unit(theirs, member) * factor)} ({shown(statistics.median(ratios))} ×)"


def table(found, clients, rows):
    names = [client.name for client in clients]
    lines = [f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for label, case, member, factor in rows:
        cells = [shown(per_unit(found[case.name, "aerie::client"], member) * factor)]
        cells += [ratio(found, case, name, member, factor) for name in names[1:]]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return lines


def report(options, clients, found, hello):
    every = cases(options.scale)
    cpu = [(f"{case.name}: µs of CPU per {case.unit}", case, "cpu_ns", 1e-3) for case in every]
    other = [
        ("to connect, one after the other: ms", every[4], "seconds", 1e3),
        ("memory of a connection: KiB", every[5], "grown_bytes", 1 / 1024),
    ]
    lines = [
        "# The client beside others",
        "",
        "Written by `script/bench client`; do not edit. "
        "[measure.py](measure.py) says how it is measured, and the programs beside it what they do.",
        "",
        f"{datetime.date.today().isoformat()}; Node.js {first_line('node', '--version')}, "
        f"{first_line(options.compiler, '--version')}, preset release, -O2 for what is built here. "
        f"Medians of {options.rounds} rounds of the {options.scale:g}fold work; in brackets how many times what ours takes, the median of the ratios of "
        "the rounds. CPU time is the process', with all its threads, and its share of the kernel's work. All clients "
        "are on WebSockets, without TLS, against the same `bench_server` of Aerie's, and its process is not counted. "
        "What else runs on the machine moves all of it: the ratios are what to trust.",
        "",
        *table(found, clients, cpu + other),
        "",
        f"Connections at the same time: {every[5].words[1]} in one process; "
        f"socket.io-client-cpp has a thread for each, and is asked for {every[5].fewer}.",
        "",
        "| hello world | CPU seconds to compile its file | bytes, stripped |",
        "|---|---|---|",
        *(f"| {name} | {seconds:.2f} | {grouped(size)} |" for name, (seconds, size) in hello.items()),
        "",
        "All are linked with their libraries statically, and with the system's dynamically. Ours has TLS, polling and "
        "compression in it; the other one has neither of the last two.",
        "",
        "To reproduce:",
        "",
        f"    script/bench client --rounds {options.rounds} --scale {options.scale:g} --sio-cpp DIR --sio-include DIR",
        "",
    ]
    if not any(client.threads_per_connection for client in clients):
        lines += ["`socket.io-client-cpp` was left out: `--sio-cpp` has not said where a copy of it is.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="script/bench client", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the work is done, for a quick look")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two runs")
    parser.add_argument("--compiler", default=os.environ.get("CXX", "c++"))
    parser.add_argument("--sio-cpp", metavar="DIR", help="a copy of socket.io-client-cpp")
    parser.add_argument("--sio-include", metavar="DIR", action="append", default=[], help="what it is built with")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()

    npm = ROOT / "tests/conformance/node_modules/socket.io-client"
    if not npm.exists():
        sys.exit("script/bench client: npm's socket.io-client is missing: script/bootstrap --test")
    clients = [
        Client("aerie::client", [BIN / "bench_client"]),
        Client("npm socket.io-client", ["node", "bench/client/npm_client.mjs"]),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sio = build_sio(options, folder) if options.sio_cpp else None
        if sio:
            clients.append(Client("socket.io-client-cpp", [sio[0]], threads_per_connection=True))
        else:
            print("socket.io-client-cpp is left out: say where a copy of it is with --sio-cpp", file=sys.stderr)
        hello = hello_world(options, folder, sio)
        found = measure(options, clients)
    text = report(options, clients, found, hello)
    options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
