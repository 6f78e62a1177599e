"""The program of apps/chat as a server of the bench: at a SQLite file, or at a PostgreSQL of its own."""

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from runner.process import LISTENING, Unavailable, running

# More than anybody can send: the limit for each user is part of what is measured, and does not refuse anything.
_SETTINGS = ("--host", "127.0.0.1", "--port", "0", "--message-limit", "1000000000")


@dataclasses.dataclass(frozen=True)
class Database:
    """One that nobody has used yet."""

    url: str
    # Of the processes besides the chat that work for it, once it is connected.
    processes: Callable[[], list[int]]
    # To be asked at the end of a run.
    messages_per_transaction: Callable[[], float]


@contextlib.contextmanager
def sqlite(_cores: set[int]) -> Iterator[Database]:
    """A file in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="aerie-bench-") as folder:
        file = Path(folder) / "chat.db"
        yield Database(str(file), list, lambda: sqlite_messages_per_transaction(file))


def sqlite_messages_per_transaction(file: Path) -> float:
    """Of a file that the chat has open."""
    # The transactions since the file was made: iChange of https://www.sqlite.org/walformat.html#the_wal_index_header.
    (transactions,) = struct.unpack_from("=I", Path(f"{file}-shm").read_bytes(), 8)
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        counts = (connection.execute(f"SELECT count(*) FROM {table}") for table in ("messages", "users", "rooms"))
        messages, users, rooms = (rows.fetchone()[0] for rows in counts)
    # Each user and each room has one of its own; the tables came with the first room.
    return messages / max(1, transactions - users - rooms)


@contextlib.contextmanager
def postgres(cores: set[int]) -> Iterator[Database]:
    """A cluster with the defaults of its version, on these cores too, that is reached by a socket in its folder."""
    programs = postgres_programs()
    with tempfile.TemporaryDirectory(prefix="aerie-bench-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        options = ["--username=chat", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        initdb = _as_nobody_special([str(programs / "initdb"), f"--pgdata={data}", *options])
        subprocess.run(initdb, capture_output=True, check=True, cwd="/", timeout=60)
        server = [str(programs / "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses="]
        # It says that it is ready where errors go.
        command = ["sh", "-c", 'cd / && exec "$@" 2>&1', "sh", *_as_nobody_special(server)]
        with running(command, "ready to accept connections", cores, ending=signal.SIGQUIT) as (pid, _):
            yield Database(
                f"postgres://chat@/postgres?host={folder}",
                lambda: _settled_children(pid),
                lambda: _postgres_messages_per_transaction(programs, folder),
            )


def postgres_programs() -> Path:
    """Where the newest of Debian's versions is, or what is in the PATH. Raises Unavailable."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = max(versions, key=lambda program: float(program.parts[-3]), default=shutil.which("initdb"))
    if found is None:
        raise Unavailable("PostgreSQL is not installed: script/bootstrap --test")
    return Path(found).parent


def _as_nobody_special(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *command]


def _settled_children(pid: int) -> list[int]:
    """Those that are there to stay: what made the tables, and what was connected to sign in, goes."""
    found = _children(pid)
    for _ in range(50):
        time.sleep(0.3)
        before, found = found, _children(pid)
        if found == before:
            return found
    raise RuntimeError("PostgreSQL's processes come and go")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _postgres_messages_per_transaction(programs: Path, folder: str) -> float:
    # Every row knows the transaction that has made it.
    query = "SELECT count(*)::float / count(DISTINCT xmin::text) FROM aerie_chat.messages"
    command = [str(programs / "psql"), "-h", folder, "-U", "chat", "-d", "postgres", "-Atc", query]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


@contextlib.contextmanager
def running_chat(
    program: str, kind: Callable[[set[int]], AbstractContextManager[Database]], cores: set[int]
) -> Iterator[tuple[list[str], Callable[[], dict[str, float]]]]:
    """The chat at a new database of this kind, both on these cores: the generator's arguments, and what there is to
    know after the load."""
    with kind(cores) as database, running([program, "--db", database.url, *_SETTINGS], LISTENING, cores) as (pid, port):
        # It connects to write when there is something to be written.
        body = json.dumps({"nickname": "the first"}).encode()
        login = urllib.request.Request(f"http://127.0.0.1:{port}/api/login", body, {"Content-Type": "application/json"})
        urllib.request.urlopen(login, timeout=20).close()
        beside = [word for each in database.processes() for word in ("--beside-pid", str(each))]
        nothing_beside = {} if beside else {"beside_us_per_unit": 0.0}
        yield (
            ["--port", port, "--pid", str(pid), *beside],
            lambda: {**nothing_beside, "messages_per_transaction": database.messages_per_transaction()},
        )
