"""The servers that are compared: how each is made ready and started."""

import contextlib
import dataclasses
import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build/release/bin"
COMPARATORS = ROOT / "bench/comparators"


class Unavailable(Exception):
    """A server can't be had on this machine; the text says why."""


@dataclasses.dataclass(frozen=True)
class Server:
    name: str
    title: str
    command: tuple[str, ...]
    folder: Path | None = None  # where its package is described

    def prepare(self) -> None:
        """Fetches and builds what it needs. Raises Unavailable."""
        if self.folder is None:
            _require(Path(self.command[0]))
        elif (self.folder / "package.json").exists():
            _prepare_node(self.folder)
        elif (self.folder / "Cargo.toml").exists():
            _prepare_rust(self.folder, Path(self.command[0]))
        else:
            _prepare_go(self.folder, Path(self.command[0]))

    def full_title(self) -> str:
        """The title with the version that the lock file or the description of the package pins."""
        return self.title.format(version=_version(self.folder)) if self.folder else self.title

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[list[str]]:
        """Starts it on these cores; gives the generator's arguments that say where it is, and ends it."""
        with _running([*self.command, "--port", "0"], _LISTENING, cores) as (pid, port):
            yield ["--port", port, "--pid", str(pid)]


@dataclasses.dataclass(frozen=True)
class Pair(Server):
    """Two servers of one kind that share a Redis of their own: receivers connect to one, the sender to the other."""

    adapter: str = "redis"

    def prepare(self) -> None:
        super().prepare()
        if shutil.which("redis-server") is None:
            raise Unavailable("redis-server is not installed: script/bootstrap --test")

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[list[str]]:
        with contextlib.ExitStack() as stack:
            redis = stack.enter_context(redis_server(cores))
            pids, ports = zip(*(stack.enter_context(self.one(redis, cores)) for _ in range(2)), strict=True)
            receiver, sender = ports
            yield ["--port", receiver, "--sender-port", sender, *(word for pid in pids for word in ("--pid", str(pid)))]

    def one(self, redis: str, cores: set[int]) -> contextlib.AbstractContextManager[tuple[int, str]]:
        """One of the two, at the Redis of this port: its process id and its port."""
        cluster = ["--redis", f"redis://127.0.0.1:{redis}", "--adapter", self.adapter]
        return _running([*self.command, "--port", "0", *cluster], _LISTENING, cores)


@contextlib.contextmanager
def redis_server(cores: set[int]) -> Iterator[str]:
    """A private Redis on these cores that keeps nothing; gives its port."""
    port = str(_free_port())
    with _running([*_REDIS, "--port", port], "eady to accept connections", cores):
        yield port


_LISTENING = r"listening on http://127\.0\.0\.1:(\d+)"
_REDIS = ("redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _running(command: list[str], ready: str, cores: set[int]) -> Iterator[tuple[int, str]]:
    """A process that has said that it is ready: its id and what the expression's group has matched."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    watchdog = threading.Timer(20, process.kill)
    watchdog.start()
    try:
        found = _wait_for(process, ready)
        watchdog.cancel()
        yield process.pid, found
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def _wait_for(process: subprocess.Popen, ready: str) -> str:
    for line in process.stdout:
        if match := re.search(ready, line):
            return match[1] if match.re.groups else ""
    raise RuntimeError(f"{Path(process.args[0]).name} has ended before it was ready")


def _require(program: Path) -> None:
    if not program.exists():
        raise Unavailable(f"{program.relative_to(ROOT)} is not built")


def _call(folder: Path, *command: str, **environment: str) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise Unavailable(f"{command[0]} is not installed") from error
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").split("\n")[-1]
        raise Unavailable(f"{' '.join(command[:2])} failed: {last}")


def _prepare_node(folder: Path) -> None:
    installed = folder / "node_modules/.package-lock.json"
    lock = folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        _call(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        installed.touch()
    if (folder / "uws.mjs").exists():
        # A binary that was made for another Node or C library refuses to load.
        _call(folder, "node", "uws.mjs")


def _prepare_rust(folder: Path, program: Path) -> None:
    target = program.parents[1]
    _call(folder, "cargo", "build", "--release", "--locked", "--quiet", CARGO_TARGET_DIR=str(target))


def _prepare_go(folder: Path, program: Path) -> None:
    _call(folder, "go", "build", "-mod=readonly", "-o", str(program), ".")


def _version(folder: Path) -> str:
    if (folder / "package.json").exists():
        dependencies = json.loads((folder / "package.json").read_text())["dependencies"]
        return dependencies["socket.io"]
    text = "\n".join(file.read_text() for file in folder.iterdir() if file.name in ("Cargo.toml", "go.mod"))
    match = re.search(r'socketioxide = \{ version = "=([^"]+)"', text) or re.search(
        r"servers/socket/v3 v(\S+)", text
    )
    return match[1] if match else "?"


_RUST_TARGET = ROOT / "build/bench-socketioxide"
_UWEBSOCKETS = COMPARATORS / "uwebsockets"
_BENCH_SERVER = (str(BIN / "bench_server"),)
_SOCKETIO_REDIS = COMPARATORS / "socket.io-redis"


def _pairs(adapter: str) -> tuple[Pair, Pair]:
    official = ("node", str(_SOCKETIO_REDIS / "server.mjs"))
    return (
        Pair(f"aerie-{adapter}", f"two Aerie, adapter {adapter}", _BENCH_SERVER, adapter=adapter),
        Pair(
            f"socket.io-{adapter}",
            f"two npm socket.io {{version}}, adapter {adapter}",
            official,
            _SOCKETIO_REDIS,
            adapter,
        ),
    )


SERVERS = {
    server.name: server
    for server in (
        Server("aerie", "Aerie", _BENCH_SERVER),
        Server("aerie-2", "Aerie, two threads", (*_BENCH_SERVER, "--threads", "2")),
        Server("floor", "the floor", (str(BIN / "bench_floor"),)),
        Server(
            "socket.io",
            "npm socket.io {version} + ws",
            ("node", str(COMPARATORS / "socket.io/server.mjs")),
            COMPARATORS / "socket.io",
        ),
        Server(
            "socket.io-uws",
            "npm socket.io {version} + uWebSockets.js",
            ("node", str(_UWEBSOCKETS / "socketio_server.mjs")),
            _UWEBSOCKETS,
        ),
        Server(
            "uwebsockets",
            "raw uWebSockets.js 20.30",
            ("node", str(_UWEBSOCKETS / "raw_server.mjs")),
            _UWEBSOCKETS,
        ),
        Server(
            "socketioxide",
            "socketioxide {version} (Rust)",
            (str(_RUST_TARGET / "release/bench-socketioxide"),),
            COMPARATORS / "socketioxide",
        ),
        Server(
            "socket.io-go",
            "zishang520/socket.io {version} (Go)",
            (str(ROOT / "build/bench-socket.io-go/server"),),
            COMPARATORS / "socket.io-go",
        ),
        *_pairs("redis"),
        *_pairs("redis-sharded"),
    )
}


def available(wanted: list[str], say) -> list[str]:
    """Those of the wanted servers that can be had; `say` gets a line about each that can't."""
    found = []
    for name in wanted:
        try:
            SERVERS[name].prepare()
            found.append(name)
        except Unavailable as reason:
            say(f"left out: {name}: {reason}")
    return found
