"""The servers that are compared: how each is made ready and started."""

import contextlib
import dataclasses
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from runner import chat, tls
from runner.process import LISTENING, Unavailable, running

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build/release/bin"
COMPARATORS = ROOT / "bench/comparators"


@dataclasses.dataclass(frozen=True)
class Running:
    """A server that was started: the generator's arguments that say where it is, and what else there is to know."""

    arguments: list[str]
    # What is read after the load has ended.
    figures: Callable[[], dict[str, float]] = dict


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
        elif (self.folder / "go.mod").exists():
            _prepare_go(self.folder, Path(self.command[0]))
        elif (self.folder / "requirements.txt").exists():
            _prepare_python(self.folder, Path(self.command[0]))
        elif (self.folder / "pom.xml").exists():
            _prepare_java(self.folder)
        else:
            _prepare_cpp(self.folder, Path(self.command[0]))

    def full_title(self) -> str:
        """The title with the version that the lock file or the description of the package pins."""
        return self.title.format(version=_version(self.folder)) if self.folder else self.title

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[Running]:
        """Starts it on these cores, and ends it."""
        with running([*self.command, "--port", "0"], LISTENING, cores) as (pid, port):
            yield Running(["--port", port, "--pid", str(pid)])


@dataclasses.dataclass(frozen=True)
class Pair(Server):
    """Two servers of one kind that share a Redis of their own: receivers connect to one, the sender to the other."""

    adapter: str = "redis"
    # What else they are told about the cluster.
    settings: tuple[str, ...] = ()

    def prepare(self) -> None:
        super().prepare()
        if shutil.which("redis-server") is None:
            raise Unavailable("redis-server is not installed: script/bootstrap --test")

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[Running]:
        with contextlib.ExitStack() as stack:
            redis, redis_pid = stack.enter_context(redis_process(cores))
            pids, ports = zip(*(stack.enter_context(self.one(redis, cores)) for _ in range(2)), strict=True)
            receiver, sender = ports
            words = [word for pid in pids for word in ("--pid", str(pid))]
            yield Running(
                ["--port", receiver, "--sender-port", sender, *words, "--beside-pid", str(redis_pid)],
                lambda: kept_in(redis),
            )

    def one(self, redis: str, cores: set[int]) -> contextlib.AbstractContextManager[tuple[int, str]]:
        """One of the two, at the Redis of this port: its process id and its port."""
        cluster = ["--redis", f"redis://127.0.0.1:{redis}", "--adapter", self.adapter, *self.settings]
        return running([*self.command, "--port", "0", *cluster], LISTENING, cores)


_REDIS_KEEPS_NOTHING = ("--appendonly", "no")


@contextlib.contextmanager
def redis_server(cores: set[int]) -> Iterator[str]:
    """A private Redis on these cores that keeps nothing; gives its port."""
    with redis_process(cores) as (port, _):
        yield port


@contextlib.contextmanager
def redis_process(
    cores: set[int], settings: tuple[str, ...] = _REDIS_KEEPS_NOTHING, ready: str = "eady to accept connections"
) -> Iterator[tuple[str, int]]:
    """A private Redis on these cores with its files in a folder of its own; gives its port and its process."""
    port = str(_free_port())
    with tempfile.TemporaryDirectory(prefix="aerie-bench-") as folder:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", folder, "--save", "", *settings]
        with running(command, ready, cores) as (pid, _):
            yield port, pid


def kept_in(redis: str) -> dict[str, float]:
    """Bytes of this Redis' memory for one entry of the stream, and for one session; 0 where none are kept."""
    time.sleep(0.3)  # The connections have ended a moment ago: official servers write sessions then.
    entries = int(ask_redis(redis, "XLEN", "socket.io"))
    stream = int(ask_redis(redis, "MEMORY", "USAGE", "socket.io", "SAMPLES", "0") or 0)
    sessions = ask_redis(redis, "--scan", "--pattern", "sio:session:*").split()[:50]
    # Beside its record Aerie's has an owner.
    keys_of = [(session, f"{{{session}}}:owner") for session in sessions]
    sizes = [sum(int(ask_redis(redis, "MEMORY", "USAGE", key) or 0) for key in keys) for keys in keys_of]
    return {
        "redis_bytes_per_message": stream / entries if entries else 0,
        "redis_bytes_per_session": statistics.median(sizes) if sizes else 0,
    }


def ask_redis(port: str, *words: str) -> str:
    done = subprocess.run(["redis-cli", "-p", port, *words], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
    if not _is_newer(installed, folder / "package-lock.json"):
        _call(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        installed.touch()
    if (folder / "uws.mjs").exists():
        # A binary that was made for another Node or C library refuses to load.
        _call(folder, "node", "uws.mjs")
    if folder == _BUN:
        _call(folder, _BUN_PROGRAM, "--version")


def _prepare_rust(folder: Path, program: Path) -> None:
    target = program.parents[1]
    _call(folder, "cargo", "build", "--release", "--locked", "--quiet", CARGO_TARGET_DIR=str(target))


def _prepare_go(folder: Path, program: Path) -> None:
    _call(folder, "go", "build", "-mod=readonly", "-o", str(program), ".")


def _prepare_python(folder: Path, python: Path) -> None:
    environment = python.parents[1]
    list_of_packages = folder / "requirements.txt"
    if _is_newer(environment / "pyvenv.cfg", list_of_packages):
        return
    _call(folder, "python3", "-m", "venv", "--clear", str(environment))
    _call(folder, str(python), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(list_of_packages))


def _prepare_java(folder: Path) -> None:
    if not _is_newer(_NETTY / "dependency", folder / "pom.xml"):
        copy = ("dependency:copy-dependencies", "-DincludeScope=runtime")
        _call(folder, "mvn", "-q", "-B", f"-Dfolder={_NETTY}", "compile", *copy)


def _is_newer(made: Path, description: Path) -> bool:
    return made.exists() and made.stat().st_mtime > description.stat().st_mtime


def _prepare_cpp(folder: Path, program: Path) -> None:
    source = folder / "server.cpp"
    if _is_newer(program, source):
        return
    program.parent.mkdir(parents=True, exist_ok=True)
    try:
        _call(folder, "c++", "-std=c++20", "-O3", "-DNDEBUG", "-pthread", "-o", str(program), str(source))
    except Unavailable as reason:
        raise Unavailable(f"{reason}; it needs libboost-dev and rapidjson-dev") from reason


def _boost_version() -> str:
    """That of Debian's, which is the one that is found."""
    header = Path("/usr/include/boost/version.hpp")
    match = re.search(r'BOOST_LIB_VERSION "(\w+)"', header.read_text()) if header.exists() else None
    return match[1].replace("_", ".") if match else "?"


def _version(folder: Path) -> str:
    if (folder / "package.json").exists():
        dependencies = json.loads((folder / "package.json").read_text())["dependencies"]
        return dependencies.get("socket.io") or dependencies["fastify"]
    if (folder / "server.cpp").exists():
        return _boost_version()
    names = ("Cargo.toml", "go.mod", "requirements.txt", "pom.xml")
    text = "\n".join(file.read_text() for file in folder.iterdir() if file.name in names)
    match = (
        re.search(r'socketioxide = \{ version = "=([^"]+)"', text)
        or re.search(r"servers/socket/v3 v(\S+)", text)
        or re.search(r"centrifugal/centrifuge v(\S+)", text)
        or re.search(r"^python-socketio==(\S+)", text, re.MULTILINE)
        or re.search(r"<artifactId>netty-socketio</artifactId>\s*<version>([^<]+)", text)
    )
    return match[1] if match else "?"


@dataclasses.dataclass(frozen=True)
class WithFiles(Server):
    """One that serves the files of a folder: a text of 16 KiB."""

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[Running]:
        with tempfile.TemporaryDirectory(prefix="aerie-bench-") as folder:
            lines = (f"line {number} of what is served\n" for number in range(1000))
            (Path(folder) / "prose.txt").write_text("".join(lines)[: 16 * 1024])
            command = [*self.command, "--port", "0", "--files", folder]
            with running(command, LISTENING, cores) as (pid, port):
                yield Running(["--port", port, "--pid", str(pid)])


@dataclasses.dataclass(frozen=True)
class Centrifuge(Server):
    """One whose clients speak another protocol."""

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[Running]:
        with super().run(cores) as running_server:
            yield Running([*running_server.arguments, "--centrifuge"])


@dataclasses.dataclass(frozen=True)
class Chat(Server):
    """The program of apps/chat with a database of its own, on the same cores."""

    database: Callable[[set[int]], contextlib.AbstractContextManager[chat.Database]] = chat.sqlite

    def prepare(self) -> None:
        super().prepare()
        if self.database is chat.postgres:
            chat.postgres_programs()

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[Running]:
        with chat.running_chat(self.command[0], self.database, cores) as (arguments, figures):
            yield Running(arguments, figures)


@dataclasses.dataclass(frozen=True)
class WithTls(Server):
    """One with a certificate of P-256."""

    def prepare(self) -> None:
        super().prepare()
        tls.openssl()

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[Running]:
        with tls.certificate() as folder:
            files = ["--certificate", str(folder / "certificate.pem"), "--key", str(folder / "key.pem")]
            with running([*self.command, "--port", "0", *files], LISTENING, cores) as (pid, port):
                yield Running(["--port", port, "--pid", str(pid), "--tls", "1"])


@dataclasses.dataclass(frozen=True)
class Nginx(Server):
    """One worker that speaks TLS."""

    def prepare(self) -> None:
        tls.openssl()
        tls.nginx()

    def full_title(self) -> str:
        try:
            return self.title.format(version=tls.nginx_version())
        except Unavailable:
            return self.title.format(version="").replace("  ", " ")

    @contextlib.contextmanager
    def run(self, cores: set[int]) -> Iterator[Running]:
        port = _free_port()
        with tls.running_nginx(port, cores) as worker:
            yield Running(["--port", str(port), "--pid", str(worker), "--tls", "1"])


_RUST_TARGET = ROOT / "build/bench-socketioxide"
_BUN = COMPARATORS / "bun"
# npm's name of the machine.
_MACHINE = {"x86_64": "x64"}.get(platform.machine(), platform.machine())
_BUN_PROGRAM = str(_BUN / f"node_modules/@oven/bun-linux-{_MACHINE}/bin/bun")
_PYTHON = COMPARATORS / "python-socketio"
_NETTY = ROOT / "build/bench-netty-socketio"
_UWEBSOCKETS = COMPARATORS / "uwebsockets"
_HTTP = ("node", str(COMPARATORS / "http/servers.mjs"))
_BENCH_SERVER = (str(BIN / "bench_server"),)
_CHAT = (str(BIN / "aerie-chat"),)
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


def _official(name: str, title: str, *settings: str, kind: type[Server] = Server) -> Server:
    """npm socket.io on ws."""
    folder = COMPARATORS / "socket.io"
    return kind(name, title, ("node", str(folder / "server.mjs"), *settings), folder)


def _deflating(how: str, title: str) -> tuple[Server, Server]:
    return (
        Server(f"aerie-deflate-{how}", f"Aerie, {title}", (*_BENCH_SERVER, "--deflate", how)),
        _official(f"socket.io-deflate-{how}", f"npm socket.io {{version}} + ws, {title}", "--deflate", how),
    )


def _streams(name: str, title: str, command: tuple[str, ...], *settings: str, folder: Path | None = None) -> Pair:
    return Pair(name, title, command, folder, "redis-streams", ("--recovery", "60", *settings))


SERVERS = {
    server.name: server
    for server in (
        Server("aerie", "Aerie", _BENCH_SERVER),
        Server("aerie-2", "Aerie, two threads", (*_BENCH_SERVER, "--threads", "2")),
        Server("aerie-io-uring", "Aerie, io_uring", (*_BENCH_SERVER, "--io-uring")),
        Server("floor", "the floor", (str(BIN / "bench_floor"),)),
        _official("socket.io", "npm socket.io {version} + ws"),
        Server("aerie-msgpack", "Aerie, MessagePack", (*_BENCH_SERVER, "--parser", "msgpack")),
        _official("socket.io-msgpack", "npm socket.io {version} + ws, MessagePack", "--parser", "msgpack"),
        *_deflating("context", "each compresses with what was sent before in mind"),
        *_deflating("shared", "each message compressed by itself"),
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
            "uwebsockets-deflate",
            "raw uWebSockets.js 20.30, each message compressed by itself",
            ("node", str(_UWEBSOCKETS / "raw_server.mjs"), "--deflate"),
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
        Server(
            "socket.io-bun",
            "npm socket.io {version} on Bun",
            (_BUN_PROGRAM, str(_BUN / "server.mjs")),
            _BUN,
        ),
        Server(
            "python-socketio",
            "python-socketio {version}, uvicorn and uvloop",
            (str(ROOT / "build/bench-python-socketio/bin/python"), str(_PYTHON / "server.py")),
            _PYTHON,
        ),
        Server(
            "netty-socketio",
            "netty-socketio {version} (Java)",
            ("java", "-cp", f"{_NETTY}/classes:{_NETTY}/dependency/*", "Server"),
            COMPARATORS / "netty-socketio",
        ),
        Centrifuge(
            "centrifuge",
            "Centrifuge {version} (Go), its own protocol",
            (str(ROOT / "build/bench-centrifuge/server"),),
            COMPARATORS / "centrifuge",
        ),
        WithFiles("aerie-controllers", "Aerie, a controller and its files", (str(BIN / "bench_controllers"),)),
        WithFiles(
            "beast",
            "Boost.Beast {version} with RapidJSON",
            (str(ROOT / "build/bench-beast/server"),),
            COMPARATORS / "beast",
        ),
        WithFiles("node-http", "Node.js, node:http by hand", (*_HTTP, "--kind", "node"), COMPARATORS / "http"),
        WithFiles("fastify", "Fastify {version}", (*_HTTP, "--kind", "fastify"), COMPARATORS / "http"),
        WithTls("aerie-tls", "Aerie, TLS", _BENCH_SERVER),
        _official("socket.io-tls", "npm socket.io {version} + ws, node:https", kind=WithTls),
        Nginx("nginx", "nginx {version}, one worker", ()),
        Chat("aerie-chat-sqlite", "the chat with SQLite", _CHAT),
        Chat("aerie-chat-postgres", "the chat with PostgreSQL", _CHAT, database=chat.postgres),
        *_pairs("redis"),
        *_pairs("redis-sharded"),
        _streams(
            "aerie-exactly-once",
            "two Aerie, over a stream, exactly once",
            _BENCH_SERVER,
            "--delivery",
            "exactly-once",
        ),
        _streams("aerie-streams", "two Aerie, over a stream, at most once", _BENCH_SERVER),
        _streams(
            "socket.io-streams",
            "two npm socket.io {version}, over a stream with recovery",
            ("node", str(_SOCKETIO_REDIS / "server.mjs")),
            folder=_SOCKETIO_REDIS,
        ),
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
