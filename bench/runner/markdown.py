"""The report as Markdown."""

from runner.cases import CASES, Case
from runner.figures import Figures, ratio
from runner.goals import CORES_FOR_TWO_THREADS, CPU, GOALS, NODE, RATE_OF_TWO_THREADS, Goal
from runner.intervals import Spread

_UNITS = {
    "ack": "acknowledgement",
    "delivery": "delivery",
    "connect": "connect",
    "cycle": "cycle",
    "step": "step",
    "request": "request",
    "message": "message",
    "handshake": "handshake",
    "reconnect": "reconnect",
}
_EXTRA = {
    "kib_per_connection": "KiB per idle connection",
    "before_p99_us": "p99 latency before, ms",
    "growth_kib_per_slow_reader": "growth of memory per slow reader, KiB",
    "slow_readers_dropped": "slow readers disconnected",
    "beside_us_per_unit": "CPU of Redis or PostgreSQL, µs",
    "redis_bytes_per_message": "bytes in Redis per message",
    "redis_bytes_per_session": "bytes in Redis per session",
    "deliveries_per_s": "deliveries per second",
    "messages_per_transaction": "messages in a transaction",
    "seconds_until_back": "seconds until all are back",
    "max_us": "longest latency, ms",
    "generator_late_p99_us": "p99 of the generator's own delay, ms",
}


def number(value: float) -> str:
    """Three significant digits; those before the point all, in groups of three."""
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def with_extremes(found: Spread) -> str:
    if found.count == 1:
        return number(found.median)
    return f"{number(found.median)} ({number(found.minimum)} – {number(found.maximum)})"


def with_interval(found: Spread) -> str:
    if found.count == 1:
        return f"{number(found.median)} (1 run)"
    unsure = "" if found.is_sure() else f", {found.count} runs"
    return f"{number(found.median)} [{number(found.low)} – {number(found.high)}{unsure}]"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _in_milliseconds(found: Spread | None) -> str:
    return number(found.median / 1000) if found else "–"


def _compared(figures: Figures, case: Case, server: str) -> str:
    """How often Aerie's CPU goes into the other's; a tie if the interval has 1 inside."""
    if server == case.baseline:
        return "1"
    found = ratio(figures.series(case.name, server, CPU), figures.series(case.name, case.baseline, CPU))
    if not found:
        return "–"
    tie = ", a tie" if found.count > 1 and found.low <= 1 <= found.high else ""
    return with_interval(found) + tie


def _limit(limits: list[str]) -> str:
    if limits.count("generator") * 2 > len(limits):
        return "generator"
    return "server" if limits.count("server") * 2 > len(limits) else "–"


def _extra_text(figures: Figures, case: Case, server: str, quantity: str) -> str:
    found = figures.spread(case.name, server, quantity)
    if quantity.endswith("_us"):
        return _in_milliseconds(found)
    return with_extremes(found) if found else "–"


def _row(figures: Figures, case: Case, server: str) -> list[str]:
    entry = figures.data["cases"][case.name]["servers"][server]
    title = figures.data["servers"].get(server, server)
    title = f"**{title}**" if server.startswith("aerie") else title
    failed = len(entry["errors"])
    runs = len(entry["limits"])
    if runs == 0:
        return [title, f"failed: {entry['errors'][0]}"]
    spreads = {
        name: figures.spread(case.name, server, name)
        for name in (CPU, "per_s", "p50_us", "p99_us", "generator_cpu")
    }
    return [
        title,
        with_extremes(spreads[CPU]),
        _compared(figures, case, server),
        number(spreads["per_s"].median),
        _limit(entry["limits"]),
        _in_milliseconds(spreads["p50_us"]),
        _in_milliseconds(spreads["p99_us"]),
        *(_extra_text(figures, case, server, quantity) for quantity in case.extra),
        f"{spreads['generator_cpu'].median:.0%}",
        f"{runs}" + (f", {failed} failed" if failed else ""),
    ]


def case_section(figures: Figures, case: Case) -> str:
    data = figures.data["cases"][case.name]
    unit = _UNITS.get(data.get("unit", ""), "unit of work")
    header = [
        "server",
        f"server CPU per {unit}, µs: median (min – max)",
        "÷ Aerie's: median [95 % interval]",
        "per second",
        "limit",
        "p50 latency, ms",
        "p99 latency, ms",
        *(_EXTRA[quantity] for quantity in case.extra),
        "generator's CPU",
        "runs",
    ]
    order = [server for server in case.servers if server in data["servers"]]
    rows = [_row(figures, case, server) for server in order]
    rows = [row + [""] * (len(header) - len(row)) for row in rows]
    machine = figures.data["machine"]
    earlier = data["date"] != machine.get("date")
    processor = data.get("processor", machine.get("processor"))
    elsewhere = f", {processor}" if processor != machine.get("processor") else ""
    return f"### {case.title}\n\n{_table(header, rows)}\n" + (
        f"\nMeasured on {data['date']}{elsewhere}.\n" if earlier or elsewhere else ""
    )


def _goal_row(figures: Figures, goal: Goal) -> list[str] | None:
    found = goal.spread(figures)
    return [goal.text, goal.bound_text(), with_interval(found), goal.verdict(found)] if found else None


def _cores(figures: Figures) -> int:
    words = figures.data["machine"].get("processor", "").replace(",", "").split()
    return int(words[words.index("cores") - 1]) if "cores" in words else 0


def goals_section(figures: Figures) -> str:
    rows = [row for goal in GOALS if (row := _goal_row(figures, goal))]
    if row := _goal_row(figures, RATE_OF_TWO_THREADS):
        if _cores(figures) < CORES_FOR_TWO_THREADS:
            row[-1] = "not to be judged here: the generator shares the server's cores"
        rows.append(row)
    return _table(["what", "goal", "found: median [95 % interval]", "verdict"], rows) if rows else ""


def _headline(figures: Figures) -> str:
    rows = []
    for case in CASES:
        found = ratio(figures.series(case.name, NODE, CPU), figures.series(case.name, "aerie", CPU))
        if not found:
            continue
        ours, theirs = (figures.spread(case.name, server, CPU) for server in ("aerie", NODE))
        unit = _UNITS[figures.data["cases"][case.name]["unit"]]
        rows.append(
            [
                case.title,
                f"{number(ours.median)} µs per {unit}",
                f"{number(theirs.median)} µs",
                with_interval(found),
            ]
        )
    return _table(["", "Aerie, one thread", "npm socket.io + ws", "ratio [95 % interval]"], rows)


def report(figures: Figures) -> str:
    machine = figures.data["machine"]
    sections = [case_section(figures, case) for case in CASES if case.name in figures.data["cases"]]
    plots = [
        ("CPU per unit of work, relative to Aerie", "results/cpu.svg"),
        ("CPU per delivery and the size of the room", "results/growth.svg"),
        ("Memory per idle connection", "results/memory.svg"),
    ]
    return "\n".join(
        [
            "# Results",
            "",
            "Written by `script/bench --full`; do not edit. How it is measured:",
            "[README.md](README.md).",
            "",
            _table(["", ""], [[name, text] for name, text in machine.items() if text]),
            "",
            "**Mind the noise.** The figures of a shared machine move by tens of per cent from minute to",
            "minute. The ratios are taken within a round, in which the servers follow each other at once,",
            "and are what to trust. Where the interval of a ratio has 1 inside, the two are a tie.",
            "",
            "## At a glance",
            "",
            "Server CPU per unit of work.",
            "",
            _headline(figures),
            "",
            *(f"![{title}]({path})\n" for title, path in plots),
            "## Goals",
            "",
            "Reached or not is said only where the whole interval agrees; a tie has the goal inside.",
            "",
            goals_section(figures),
            "",
            "## All cases",
            "",
            *sections,
        ]
    )
