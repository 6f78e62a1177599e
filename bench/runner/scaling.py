"""What a cluster costs as it grows: Redis for each message and subscriber, a server for what concerns nobody there.

Redis tells its own CPU time (INFO cpu); that of servers is read from /proc. All figures are microseconds of CPU.
"""

import contextlib
import os
import selectors
import socket
import statistics
import struct
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from runner import machine
from runner.process import Unavailable
from runner.servers import SERVERS, Pair, redis_server

PAYLOAD = 64
_TICKS = os.sysconf("SC_CLK_TCK")


def _command(*words: str | bytes) -> bytes:
    parts = [word.encode() if isinstance(word, str) else word for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts)


class Publisher:
    """One connection; sends a number of commands at once and waits for as many answers."""

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._file = self._socket.makefile("rb")

    def ask(self, *words: str | bytes) -> bytes:
        self._socket.sendall(_command(*words))
        line = self._file.readline()
        if line[:1] == b"-":
            raise RuntimeError(f"Redis: {line[1:].decode().strip()}")
        return self._file.read(int(line[1:]) + 2) if line[:1] == b"$" else line

    def publish(self, command: str, channel: str, payload: bytes, count: int, at_once: int) -> None:
        message = _command(command, channel, payload)
        for begin in range(0, count, at_once):
            pieces = min(at_once, count - begin)
            self._socket.sendall(message * pieces)
            for _ in range(pieces):
                self._file.readline()

    def cpu_seconds(self) -> float:
        """What Redis has used so far, in this thread and in the kernel."""
        lines = dict(line.split(":", 1) for line in self.ask("INFO", "cpu").decode().split("\r\n") if ":" in line)
        return float(lines["used_cpu_sys"]) + float(lines["used_cpu_user"])


@contextlib.contextmanager
def _subscribers(port: int, commands: list[bytes]) -> Iterator[None]:
    """A connection with each of the commands, all read and thrown away by one thread."""
    selector = selectors.EpollSelector()
    sockets = []
    for command in commands:
        each = socket.create_connection(("127.0.0.1", port))
        each.sendall(command)
        each.recv(4096)
        each.setblocking(False)
        selector.register(each, selectors.EVENT_READ)
        sockets.append(each)
    stopping = threading.Event()

    def drain() -> None:
        while not stopping.is_set():
            for key, _ in selector.select(0.1):
                with contextlib.suppress(BlockingIOError):
                    key.fileobj.recv(1 << 20)

    thread = threading.Thread(target=drain)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        for each in sockets:
            each.close()
        selector.close()


def _redis_per_message(command: str, subscriptions: list[bytes], messages: int, at_once: int) -> float:
    """Microseconds of Redis for one message to `socket.io#/chat#room#`."""
    with redis_server(machine.SERVER_CORES) as port, _subscribers(int(port), subscriptions):
        publisher = Publisher(int(port))
        publisher.publish(command, "socket.io#/chat#room#", b"x" * PAYLOAD, messages // 10, at_once)
        before = publisher.cpu_seconds()
        publisher.publish(command, "socket.io#/chat#room#", b"x" * PAYLOAD, messages, at_once)
        return (publisher.cpu_seconds() - before) * 1e6 / messages


def _process_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _packed(value) -> bytes:
    """MessagePack of texts, numbers below 128, lists and maps: what a broadcast is made of."""
    if isinstance(value, str):
        text = value.encode()
        return (bytes([0xA0 | len(text)]) if len(text) < 32 else struct.pack(">BB", 0xD9, len(text))) + text
    if isinstance(value, int):
        return bytes([value])
    if isinstance(value, list):
        return bytes([0x90 | len(value)]) + b"".join(map(_packed, value))
    return bytes([0x80 | len(value)]) + b"".join(_packed(key) + _packed(member) for key, member in value.items())


def _server_per_message(pair: Pair, messages: int) -> float:
    """Microseconds of one server for a broadcast to a room that it does not have, with the plain adapter."""
    packet = {"type": 2, "data": ["said", "x" * PAYLOAD], "nsp": "/"}
    payload = _packed(["other1", packet, {"rooms": ["room"], "flags": {}, "except": []}])
    with redis_server(machine.SERVER_CORES) as port, pair.one(port, machine.GENERATOR_CORES) as (pid, _):
        publisher = Publisher(int(port))
        while publisher.ask("PUBLISH", "socket.io#/#room#", payload) == b":0\r\n":
            time.sleep(0.01)
        publisher.publish("PUBLISH", "socket.io#/#room#", payload, messages // 10, 16)
        _settle(pid)
        before = _process_seconds(pid)
        publisher.publish("PUBLISH", "socket.io#/#room#", payload, messages, 16)
        _settle(pid)
        return (_process_seconds(pid) - before) * 1e6 / messages


def _settle(pid: int) -> None:
    """Waits until a process has done what it was sent: its CPU time stands still."""
    seen = -1.0
    while seen != (now := _process_seconds(pid)):
        seen = now
        time.sleep(0.2)


def _median(rounds: int, measure) -> str:
    values = [measure() for _ in range(rounds)]
    return f"{statistics.median(values):.3g} ({min(values):.3g} – {max(values):.3g})"


def _rows(file_limit: int, say) -> list[tuple[str, str, list[bytes]]]:
    """What is measured of Redis: what it is called, the command, and what its subscribers have sent."""
    pattern = _command("PSUBSCRIBE", "socket.io#/chat#*")
    shard = _command("SSUBSCRIBE", "socket.io#/chat#room#")
    rows = [(f"PUBLISH, heard by {count} servers", "PUBLISH", [pattern] * count) for count in (1, 10, 100, 1000)]
    for count in (10, 100, 1000):
        others = b"".join(_command("PSUBSCRIBE", f"socket.io#/other{number}#*") for number in range(count))
        rows.append((f"PUBLISH, heard by 1 server, beside {count} other namespaces", "PUBLISH", [pattern, others]))
    rows += [(f"SPUBLISH, heard by {count} servers", "SPUBLISH", [shard] * count) for count in (1, 10, 100)]
    for title, _, subscriptions in rows:
        if len(subscriptions) + 100 > file_limit:
            say(f"left out: {title}: more open files than {file_limit}")
    return [row for row in rows if len(row[2]) + 100 <= file_limit]


def run(rounds: int, say) -> int:
    print(f"Median (min – max) of {rounds} rounds, µs of CPU, messages of {PAYLOAD} B.\n")
    print("| one message costs Redis | µs, 16 in a write | µs, one in a write |\n| --- | --- | --- |")
    for title, command, subscriptions in _rows(machine.raise_file_limit(), say):
        messages = max(500, 20_000 // len(subscriptions))
        cells = [
            _median(rounds, partial(_redis_per_message, command, subscriptions, messages, at_once)) for at_once in (16, 1)
        ]
        print(f"| {title} | {' | '.join(cells)} |", flush=True)
    print("\n| a message for a room that it does not have costs a server | µs |\n| --- | --- |")
    for name in ("aerie-redis", "socket.io-redis"):
        pair = SERVERS[name]
        try:
            pair.prepare()
        except Unavailable as reason:
            say(f"left out: {name}: {reason}")
            continue
        title = "Aerie" if name.startswith("aerie") else pair.full_title().removeprefix("two ").split(",")[0]
        print(f"| {title} | {_median(rounds, partial(_server_per_message, pair, 50_000))} |", flush=True)
    return 0
