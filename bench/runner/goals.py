"""What Aerie is to reach, and whether it does: decided by the program, with intervals."""

import dataclasses

from runner.figures import Figures, Series, ratio
from runner.intervals import Spread, spread

CPU = "server_us_per_unit"
NODE = "socket.io"
FLOOR = "floor"
RAW = "uwebsockets"


@dataclasses.dataclass(frozen=True)
class Term:
    """The values of one quantity; of several servers, in each round the smallest."""

    case: str
    servers: tuple[str, ...]
    quantity: str = CPU

    def series(self, figures: Figures) -> Series:
        every = [figures.series(self.case, server, self.quantity) for server in self.servers]
        rounds = set.intersection(*(set(values) for values in every))
        return {number: min(values[number] for values in every) for number in sorted(rounds)}


@dataclasses.dataclass(frozen=True)
class Goal:
    """`above` divided by `below`, or `above` alone, is to be at least or at most `bound`."""

    text: str
    above: Term
    below: Term | None
    bound: float
    at_least: bool = True
    unit: str = " ×"

    def spread(self, figures: Figures) -> Spread | None:
        above = self.above.series(figures)
        if self.below is None:
            return spread(list(above.values())) if above else None
        return ratio(above, self.below.series(figures))

    def bound_text(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}{self.unit}"

    def verdict(self, found: Spread) -> str:
        """A tie where the interval of what was found has the bound inside."""
        median = "median reached" if self._reached(found.median) else "median short"
        if not found.is_sure():
            return f"{median}, too few rounds to tell"
        worst, best = (found.low, found.high) if self.at_least else (found.high, found.low)
        if self._reached(worst):
            return "reached"
        if not self._reached(best):
            return "**not reached**"
        return f"tie, {median}"

    def _reached(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


def _aerie(case: str, quantity: str = CPU) -> Term:
    return Term(case, ("aerie",), quantity)


def _less_than(case: str, text: str, servers: tuple[str, ...], bound: float, quantity: str = CPU) -> Goal:
    """What the other server needs, divided by what Aerie needs."""
    return Goal(text, Term(case, servers, quantity), _aerie(case, quantity), bound)


def _at_most(case: str, text: str, server: str, bound: float) -> Goal:
    """What Aerie needs, divided by what the other server needs."""
    return Goal(text, _aerie(case), Term(case, (server,)), bound, at_least=False)


def _cluster(members: int, adapter: str, bound: float) -> Goal:
    ours, theirs = (Term(f"cluster-{members}", (f"{who}-{adapter}",)) for who in ("aerie", NODE))
    text = f"cluster, {adapter}, a room of {members} at the other server: Node's CPU ÷ Aerie's"
    return Goal(text, theirs, ours, bound)


def _delivery(members: int, bound: float) -> Goal:
    case = f"delivery-{members}"
    text = f"exactly once, a room of {members} at the other server: the official streams' CPU ÷ Aerie's"
    return Goal(text, Term(case, ("socket.io-streams",)), Term(case, ("aerie-exactly-once",)), bound)


def _tls(case: str, what: str, bound: float) -> Goal:
    ours, theirs = (Term(case, (f"{who}-tls",)) for who in ("aerie", NODE))
    return Goal(f"TLS, {what}: Node's CPU ÷ Aerie's", theirs, ours, bound)


def _group_commit(database: str, name: str, bound: float) -> Goal:
    one, hundred = (Term(f"stored-{senders}-1", (f"aerie-chat-{database}",)) for senders in (1, 100))
    return Goal(f"group commit, {name}: the chat's CPU per message, one sender ÷ 100 senders", one, hundred, bound)


def _fanout(receivers: int, payload: int, node: float) -> list[Goal]:
    case = f"fanout-{receivers}-{payload}-4"
    name = f"fan-out to {receivers}, {'64 B' if payload == 64 else '1 KiB'}, 4 in flight: "
    return [
        _less_than(case, name + "Node's CPU ÷ Aerie's", (NODE,), node),
        _less_than(case, name + "the better of floor and raw uWebSockets.js ÷ Aerie's", (FLOOR, RAW), 1),
    ]


GOALS = (
    *_fanout(100, 64, 4.3),
    *_fanout(1000, 64, 5),
    *_fanout(5000, 64, 4.3),
    *_fanout(100, 1024, 4),
    *_fanout(1000, 1024, 5),
    *_fanout(5000, 1024, 7),
    _less_than("fanout-1000-64-16", "fan-out to 1000, 16 in flight: Node's CPU ÷ Aerie's", (NODE,), 20),
    _less_than(
        "fanout-1000-64-16", "fan-out to 1000, 16 in flight: the floor's CPU ÷ Aerie's", (FLOOR,), 0.95
    ),
    _less_than("fanout-1000-64-1", "fan-out to 1000, 1 in flight: Node's CPU ÷ Aerie's", (NODE,), 2.8),
    _less_than("fanout-1000-64-1", "fan-out to 1000, 1 in flight: the floor's CPU ÷ Aerie's", (FLOOR,), 0.95),
    _less_than("fanout-rate", "delivery at a fixed 40 000/s: Node's CPU ÷ Aerie's", (NODE,), 1.8),
    _at_most("fanout-rate", "delivery at a fixed 40 000/s: Aerie's CPU ÷ the floor's", FLOOR, 1.1),
    _less_than("echo-10", "echo, 10 in flight: Node's CPU ÷ Aerie's", (NODE,), 10),
    _less_than("echo-10", "echo, 10 in flight: raw uWebSockets.js' CPU ÷ Aerie's", (RAW,), 1.3),
    _less_than("echo-1", "echo, 1 in flight: Node's CPU ÷ Aerie's", (NODE,), 2.3),
    _less_than("echo-1", "echo, 1 in flight: the floor's CPU ÷ Aerie's", (FLOOR,), 0.9),
    _less_than("connect", "connect: Node's CPU ÷ Aerie's", (NODE,), 8),
    _at_most("connect", "connect: Aerie's CPU ÷ raw uWebSockets.js'", RAW, 1),
    _less_than("churn", "churn: Node's CPU ÷ Aerie's", (NODE,), 5),
    _at_most("churn", "churn: Aerie's CPU ÷ the floor's", FLOOR, 1.2),
    _less_than("polling-echo", "long-polling echo: Node's CPU ÷ Aerie's", (NODE,), 6),
    _tls("tls-handshake", "full handshakes", 2),
    _tls("tls-resumed", "resumed handshakes", 2),
    _tls("tls-fanout-1000-64-4", "fan-out to 1000, 64 B, 4 in flight", 4),
    *(
        _cluster(members, adapter, bound)
        for adapter in ("redis", "redis-sharded")
        for members, bound in ((1, 4), (10, 4), (1000, 2.5))
    ),
    *(_delivery(members, 3) for members in (1, 10, 100)),
    _group_commit("sqlite", "SQLite", 5),
    _group_commit("postgres", "PostgreSQL", 5),
    Goal(
        "controllers, an order: Boost.Beast's CPU ÷ Aerie's",
        Term("http-post", ("beast",)),
        Term("http-post", ("aerie-controllers",)),
        1,
    ),
    Goal(
        "memory per idle connection",
        _aerie("connect", "kib_per_connection"),
        None,
        1.2,
        at_least=False,
        unit=" KiB",
    ),
    _less_than("connect", "memory per idle connection: Node's ÷ Aerie's", (NODE,), 7, "kib_per_connection"),
    Goal(
        "memory grows linearly: KiB per connection with 10 000 ÷ with 2500",
        _aerie("connect", "kib_per_connection"),
        _aerie("connect-2500", "kib_per_connection"),
        1.1,
        at_least=False,
    ),
    Goal(
        "two threads, fan-out to 5000: CPU per delivery ÷ that of one",
        Term("threads", ("aerie-2",)),
        _aerie("threads"),
        1.1,
        at_least=False,
    ),
    Goal(
        "cost growth, fan-out with 4 in flight, 64 B: CPU per delivery to 5000 ÷ to 100",
        _aerie("fanout-5000-64-4"),
        _aerie("fanout-100-64-4"),
        1.3,
        at_least=False,
    ),
)

# The rate of two threads says something only where server and generator do not share cores.
RATE_OF_TWO_THREADS = Goal(
    "two threads, fan-out to 5000: rate ÷ that of one",
    Term("threads", ("aerie-2",), "per_s"),
    _aerie("threads", "per_s"),
    1.7,
)
CORES_FOR_TWO_THREADS = 3
