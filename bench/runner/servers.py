"""The servers that are compared: how each is made ready and started."""

import contextlib
import dataclasses
import json
import os
import re
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
    def run(self, cores: set[int]) -> Iterator[tuple[int, int]]:
        """Starts it on these cores; gives its process id and port, and ends it."""
        process = subprocess.Popen(
            [*self.command, "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
        watchdog = threading.Timer(20, process.kill)
        watchdog.start()
        try:
            port = _port_of(process)
            watchdog.cancel()
            yield process.pid, port
        finally:
            watchdog.cancel()
            process.kill()
            process.wait()
            process.stdout.close()


def _port_of(process: subprocess.Popen) -> int:
    for line in process.stdout:
        if match := re.search(r"listening on http://127\.0\.0\.1:(\d+)", line):
            return int(match[1])
    raise RuntimeError("the server has ended without listening")


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

SERVERS = {
    server.name: server
    for server in (
        Server("aerie", "Aerie", (str(BIN / "bench_server"),)),
        Server("aerie-2", "Aerie, two threads", (str(BIN / "bench_server"), "--threads", "2")),
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
