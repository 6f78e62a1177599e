"""What it costs that Redis keeps what it has confirmed: one server with exactly-once delivery, and Redis with an
append-only file that is written through more or less often.

A client's message is acknowledged when it is in the stream: one client with one message under way says how long that
takes, and a hundred clients how many there can be in a second.
"""

import contextlib
import dataclasses
import json
import os
import statistics
import subprocess
from collections.abc import Iterator

from runner import machine
from runner.process import LISTENING, running
from runner.servers import BIN, Running, redis_process


@dataclasses.dataclass(frozen=True)
class Setting:
    title: str
    redis: tuple[str, ...]
    # How many of them an entry must have reached.
    replicas: int = 0


_FILE = ("--appendonly", "yes", "--appendfsync")
SETTINGS = (
    Setting("without a file", ("--appendonly", "no")),
    Setting("`appendfsync no`", (*_FILE, "no")),
    Setting("`appendfsync everysec`", (*_FILE, "everysec")),
    Setting("`appendfsync always`", (*_FILE, "always")),
    Setting("`appendfsync everysec`, `wait_replicas = 1`", (*_FILE, "everysec"), replicas=1),
)
_FOLLOWS = r"MASTER <-> REPLICA sync: Finished with success"


@contextlib.contextmanager
def _server(setting: Setting) -> Iterator[Running]:
    cores = machine.SERVER_CORES
    with contextlib.ExitStack() as stack:
        port, redis = stack.enter_context(redis_process(cores, setting.redis))
        for _ in range(setting.replicas):
            follow = ("--appendonly", "no", "--replicaof", f"127.0.0.1 {port}")
            stack.enter_context(redis_process(cores, follow, _FOLLOWS))
        cluster = ["--redis", f"redis://127.0.0.1:{port}", "--adapter", "redis-streams"]
        promise = ["--recovery", "60", "--delivery", "exactly-once", "--wait-replicas", str(setting.replicas)]
        command = [str(BIN / "bench_server"), "--port", "0", *cluster, *promise]
        pid, where = stack.enter_context(running(command, LISTENING, cores))
        yield Running(["--port", where, "--pid", str(pid), "--beside-pid", str(redis)])


def _measure(server: Running, clients: int, seconds: float) -> dict:
    words = ["--scenario", "echo", "--event", "store", "--connections", str(clients), "--seconds", str(seconds)]
    done = subprocess.run(
        [str(BIN / "bench_load"), *server.arguments, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
        preexec_fn=lambda: os.sched_setaffinity(0, machine.GENERATOR_CORES),
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def _text(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} ({min(values):.3g} – {max(values):.3g})"


def run(rounds: int, seconds: float) -> int:
    found: dict[Setting, list[tuple[dict, dict]]] = {setting: [] for setting in SETTINGS}
    for number in range(rounds):
        # A round begins with another one, so that none always finds the machine as the same predecessor has left it.
        start = number % len(SETTINGS)
        for setting in (*SETTINGS[start:], *SETTINGS[:start]):
            with _server(setting) as server:
                found[setting].append((_measure(server, 1, seconds), _measure(server, 100, seconds)))
    print(f"Median (smallest – largest) of {rounds} rounds; messages of 64 B, acknowledged when they are in the stream.\n")
    print("| Redis | ms per message, one under way | ms, 99 % | messages per second, 100 under way | µs of Redis' CPU each |")
    print("| --- | --- | --- | --- | --- |")
    for setting, pairs in found.items():
        one = [pair[0] for pair in pairs]
        many = [pair[1] for pair in pairs]
        cells = [
            _text([each["p50_us"] / 1000 for each in one]),
            _text([each["p99_us"] / 1000 for each in one]),
            _text([each["per_s"] for each in many]),
            _text([each["beside_us_per_unit"] for each in many]),
        ]
        print(f"| {setting.title} | {' | '.join(cells)} |")
    return 0
