"""What is measured: one case is one scenario of the load generator with its settings."""

import dataclasses

PEERS = ("socket.io", "socket.io-uws", "uwebsockets", "socketioxide", "socket.io-go")
# They take part in the cases that say most.
MORE_PEERS = ("socket.io-bun", "python-socketio", "netty-socketio")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    title: str
    scenario: str
    settings: dict[str, float | str]
    servers: tuple[str, ...] = ("aerie", "floor", *PEERS)
    # Those that take part in every round; the others, in a third of them.
    always: tuple[str, ...] = ("aerie", "floor", "socket.io")
    quick: bool = False
    # The server may use every core instead of the first.
    all_cores: bool = False
    # Columns of the table besides those that every case has.
    extra: tuple[str, ...] = ()

    @property
    def baseline(self) -> str:
        """The server that the others are compared with: Aerie."""
        return self.servers[0]

    def arguments(self, seconds: float, warm_up: float, smoke: bool) -> list[str]:
        settings = {**self.settings, **(self._handful() if smoke else {})}
        words = ["--scenario", self.scenario, "--seconds", str(seconds), "--warm-up", str(warm_up)]
        for name, value in settings.items():
            words += [f"--{name}", value if isinstance(value, str) else f"{value:g}"]
        return words

    def descriptors(self) -> int:
        """How many files the generator has open at once."""
        beside = int(self.settings.get("senders", 0)) + 50
        return int(self.settings["connections"]) * (2 if self.scenario.startswith("polling") else 1) + beside

    def _handful(self) -> dict[str, float]:
        rooms = min(2, int(self.settings.get("rooms", 1)))
        few = {"connections": 10}
        if "rooms" in self.settings:
            few["rooms"] = rooms
        if "rate" in self.settings:
            few["rate"] = 1000
        if "senders" in self.settings:
            few["senders"] = min(10, int(self.settings["senders"]))
        if "settle" in self.settings:
            few["settle"] = 0.1
        return few


EVERYBODY = ("aerie", "floor", *PEERS, *MORE_PEERS)
RAW_TOO = ("aerie", "floor", "socket.io", "uwebsockets")
WITHOUT_RAW = ("aerie", *(peer for peer in PEERS if peer != "uwebsockets"))


def _fanout(
    receivers: int, payload: int, in_flight: int, always=RAW_TOO, quick=False, servers=Case.servers
) -> Case:
    size = "64 B" if payload == 64 else "1 KiB"
    return Case(
        f"fanout-{receivers}-{payload}-{in_flight}",
        f"Fan-out to {receivers} receivers, {size}, {in_flight} in flight",
        "fanout",
        {"connections": receivers, "payload": payload, "in-flight": in_flight},
        servers=servers,
        always=always,
        quick=quick,
    )


def _between(
    servers: tuple[str, ...], name: str, title: str, scenario: str, settings: dict[str, float | str], **more
) -> Case:
    """A case in which all of its servers take part in every round."""
    return Case(name, title, scenario, settings, servers=servers, always=servers, **more)


OFFICIAL = ("aerie", "socket.io")


def _large_echo(payload: int, binary: int) -> Case:
    """With so few connections that no server has more than some megabytes under way."""
    connections = max(4, min(100, 2_000_000 // payload))
    size = f"{payload // 1024} KiB" if payload % 1024 == 0 else f"{payload // 1000} kB"
    kind = "binary" if binary else "text"
    return Case(
        f"echo-{kind}-{payload}",
        f"Acknowledged echo, {kind} of {size}, {connections} connections, 1 in flight on each",
        "echo",
        {"connections": connections, "payload": payload, "in-flight": 1, "binary": binary},
        servers=("aerie", "socket.io", "socket.io-uws"),
        always=("aerie", "socket.io"),
    )


DEFLATING = (
    "aerie-deflate-shared",
    "socket.io-deflate-shared",
    "uwebsockets-deflate",
    "aerie-deflate-context",
    "socket.io-deflate-context",
)


def _compressed(receivers: int, payload: int) -> Case:
    size = f"{payload // 1024} KiB" if payload >= 1024 else f"{payload} B"
    return _between(
        DEFLATING,
        f"deflate-fanout-{payload}",
        f"Compressed fan-out to {receivers} receivers, {size} of prose, 4 in flight",
        "fanout",
        {"connections": receivers, "payload": payload, "in-flight": 4},
    )


def _relay(in_flight: int) -> Case:
    return _between(
        OFFICIAL,
        f"relay-1000-{in_flight}",
        f"A socket to all 1000 others in its room, 64 B, {in_flight} in flight",
        "fanout",
        {"connections": 1000, "payload": 64, "in-flight": in_flight, "event": "relay"},
    )


def _msgpack(payload: int, size: str, in_flight: int) -> Case:
    return _between(
        ("aerie-msgpack", "socket.io-msgpack"),
        f"msgpack-{payload}-{in_flight}",
        f"Acknowledged echo in MessagePack, text of {size}, 100 connections, {in_flight} in flight on each",
        "echo",
        {"connections": 100, "payload": payload, "in-flight": in_flight, "msgpack": 1},
    )


def _asked(event: str, title: str) -> Case:
    return _between(OFFICIAL, event, title, "echo", {"connections": 100, "in-flight": 1, "event": event})


def _http(scenario: str, title: str) -> Case:
    servers = ("aerie-controllers", "beast", "node-http", "fastify")
    return _between(servers, f"http-{scenario}", title, scenario, {"connections": 100})


TLS = ("aerie-tls", "socket.io-tls")


def _handshakes(name: str, title: str, resume: int) -> Case:
    settings = {"connections": 32, "resume": resume}
    return _between((*TLS, "nginx"), name, f"TLS 1.3: {title}, 32 at a time", "handshakes", settings)


CLUSTERS = ("aerie-redis", "socket.io-redis", "aerie-redis-sharded", "socket.io-redis-sharded")


def _cluster(members: int) -> Case:
    return _between(
        CLUSTERS,
        f"cluster-{members}",
        f"Two servers and Redis: 64 B to a room of {members} at the other server, 4 in flight",
        "fanout",
        {"connections": members, "payload": 64, "in-flight": 4},
    )


DELIVERY = ("aerie-exactly-once", "aerie-streams", "aerie-redis", "socket.io-streams")


def _delivery(members: int) -> Case:
    return _between(
        DELIVERY,
        f"delivery-{members}",
        f"What a promise costs: two servers and Redis, 64 B to a room of {members} at the other server, 4 in flight",
        "fanout",
        {"connections": members, "payload": 64, "in-flight": 4},
        extra=("beside_us_per_unit", "redis_bytes_per_message", "redis_bytes_per_session"),
    )


STORED = ("aerie-chat-sqlite", "aerie-chat-postgres")


def _stored(senders: int, in_flight: int) -> Case:
    who = "one of 100 members sends" if senders == 1 else f"{senders} of 100 members send"
    return _between(
        STORED,
        f"stored-{senders}-{in_flight}",
        f"The chat's whole path: {who} to rooms of 20, {in_flight} in flight for each, acknowledged when stored",
        "stored",
        {"connections": 100, "rooms": 5, "senders": senders, "payload": 64, "in-flight": in_flight},
        extra=("deliveries_per_s", "messages_per_transaction", "beside_us_per_unit"),
    )


CASES = (
    Case(
        "connect",
        "Connect: 10 000 clients with a browser's headers and a token, 128 handshakes at a time",
        "connect",
        {"connections": 10000, "settle": 2},
        servers=(*EVERYBODY, "centrifuge"),
        always=RAW_TOO,
        quick=True,
        extra=("kib_per_connection",),
    ),
    Case(
        "connect-2500",
        "Connect: 2500 clients, to see whether memory grows linearly",
        "connect",
        {"connections": 2500, "settle": 2},
        servers=("aerie",),
        extra=("kib_per_connection",),
    ),
    Case(
        "echo-1",
        "Acknowledged echo, 100 connections, 1 in flight on each",
        "echo",
        {"connections": 100, "in-flight": 1},
        servers=EVERYBODY,
        quick=True,
    ),
    Case(
        "echo-10",
        "Acknowledged echo, 100 connections, 10 in flight on each",
        "echo",
        {"connections": 100, "in-flight": 10},
        servers=EVERYBODY,
        always=RAW_TOO,
        quick=True,
    ),
    _fanout(100, 64, 4),
    _fanout(1000, 64, 4, quick=True, servers=(*EVERYBODY, "centrifuge")),
    _fanout(5000, 64, 4),
    _fanout(100, 1024, 4),
    _fanout(1000, 1024, 4),
    _fanout(5000, 1024, 4),
    _fanout(1000, 64, 1, Case.always, quick=True),
    _fanout(1000, 64, 16, Case.always, quick=True),
    _relay(1),
    _relay(4),
    _relay(16),
    Case(
        "fanout-rate",
        "Fan-out to 1000 receivers at a fixed 40 000 deliveries per second",
        "fanout-rate",
        {"connections": 1000, "rate": 40000},
        quick=True,
    ),
    Case(
        "chat",
        "Chat: 20 rooms of 50, everybody sends at random times, 40 000 deliveries per second",
        "chat",
        {"connections": 1000, "rooms": 20, "rate": 40000},
        quick=True,
    ),
    Case(
        "polling-echo",
        "Acknowledged echo over long-polling, 100 clients",
        "polling-echo",
        {"connections": 100},
        servers=WITHOUT_RAW,
        always=("aerie", "socket.io"),
        quick=True,
    ),
    Case(
        "polling-fanout",
        "Fan-out to 1000 receivers that poll, 64 B, 4 in flight",
        "polling-fanout",
        {"connections": 1000, "payload": 64, "in-flight": 4},
        servers=WITHOUT_RAW,
        always=("aerie", "socket.io"),
    ),
    *(_large_echo(payload, binary) for payload in (1024, 102400, 900000) for binary in (0, 1)),
    _msgpack(64, "64 B", 1),
    _msgpack(64, "64 B", 10),
    _msgpack(1024, "1 KiB", 1),
    Case(
        "join-leave",
        "Joins and leaves: 100 connections join 100 rooms, one after the other, and leave them",
        "join-leave",
        {"connections": 100, "rooms": 100},
        servers=("aerie", "socket.io", "socket.io-uws"),
        always=("aerie", "socket.io"),
    ),
    _between(
        OFFICIAL,
        "rooms-of-two",
        "9000 rooms of two, everybody sends at random times, 20 000 deliveries per second",
        "chat",
        {"connections": 18000, "rooms": 9000, "rate": 20000},
    ),
    _asked("who", "fetch_sockets of a namespace of 100, each of whom asks, 1 in flight on each"),
    _asked("ask", "Broadcasts that all 100 clients acknowledge, each of whom asks, 1 in flight on each"),
    _compressed(1000, 64),
    _compressed(1000, 1024),
    # So few that a message which is compressed for each of them takes less than a run.
    _compressed(100, 16384),
    _http("post", "Controllers: an order of seven fields as JSON, validated, 100 connections, 1 in flight on each"),
    _http("get", "Static files: 16 KiB, 100 connections, 1 in flight on each"),
    Case(
        "churn",
        "Churn: connect, join, acknowledge, disconnect; 32 at a time",
        "churn",
        {"connections": 32},
        quick=True,
    ),
    Case(
        "upgrade",
        "Upgrade: begin on polling, upgrade to a WebSocket, one acknowledgement, disconnect; 32 at a time",
        "upgrade",
        {"connections": 32},
        servers=("aerie", "socket.io", "socketioxide", "socket.io-go"),
        always=OFFICIAL,
    ),
    _between(
        OFFICIAL,
        "restart",
        "Restart: 9000 clients come back at once, while 200 who have stayed get 1000 acknowledgements per second",
        "restart",
        {"connections": 9000, "senders": 200, "rate": 1000},
        extra=("seconds_until_back", "before_p99_us", "max_us", "generator_late_p99_us"),
    ),
    _handshakes("tls-handshake", "full handshakes with a certificate of P-256", 0),
    _handshakes("tls-resumed", "handshakes resumed with tickets", 1),
    _between(
        TLS,
        "tls-echo",
        "TLS: acknowledged echo, 100 connections, 1 in flight on each",
        "echo",
        {"connections": 100, "in-flight": 1},
    ),
    _between(
        TLS,
        "tls-fanout-1000-64-4",
        "TLS: fan-out to 1000 receivers, 64 B, 4 in flight",
        "fanout",
        {"connections": 1000, "payload": 64, "in-flight": 4},
    ),
    Case(
        "slow-readers",
        "Slow readers: 16 KiB to 100 receivers 200 times a second, then ten of them stop reading",
        "slow-readers",
        {"connections": 100, "payload": 16384, "rate": 20000},
        always=("aerie", "socket.io"),
        extra=("before_p99_us", "growth_kib_per_slow_reader", "slow_readers_dropped"),
    ),
    _between(
        ("aerie", "aerie-2"),
        "threads",
        "Two threads against one: fan-out to 5000 receivers, 64 B, 4 in flight, the server on every core",
        "fanout",
        {"connections": 5000, "payload": 64, "in-flight": 4},
        all_cores=True,
    ),
    _cluster(1),
    _cluster(10),
    _cluster(1000),
    _delivery(1),
    _delivery(10),
    _delivery(100),
    _stored(1, 1),
    _stored(1, 10),
    _stored(10, 1),
    _stored(100, 1),
    _stored(100, 10),
)

IO_URING = ("aerie", "aerie-io-uring", "socket.io")

# Where `RuntimeOptions::io_uring` could matter, every server in every round.
IO_URING_CASES = tuple(
    dataclasses.replace(case, servers=IO_URING, always=IO_URING)
    for case in CASES
    if case.name
    in ("fanout-1000-64-1", "fanout-1000-64-4", "fanout-1000-64-16", "echo-1", "echo-10", "connect", "churn")
)
