"""The plots of the report."""

import math
from pathlib import Path

from runner.cases import CASES
from runner.figures import Figures, ratio
from runner.goals import CPU
from runner.markdown import number
from runner.servers import SERVERS
from runner.svg import Drawing

COLOURS = {
    "aerie": "#0b6e4f",
    "aerie-2": "#5fb49c",
    "floor": "#888888",
    "socket.io": "#c8553d",
    "socket.io-uws": "#e09f3e",
    "uwebsockets": "#6a4c93",
    "socketioxide": "#33658a",
    "socket.io-go": "#55a6d9",
    "socket.io-bun": "#b08968",
    "python-socketio": "#4b6584",
    "netty-socketio": "#a13d63",
    "centrifuge": "#3d405b",
}


def write_all(figures: Figures, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cpu.svg").write_text(cpu(figures))
    (folder / "growth.svg").write_text(growth(figures))
    (folder / "memory.svg").write_text(memory(figures))


def _title(figures: Figures, server: str) -> str:
    return figures.data["servers"].get(server, server)


def cpu(figures: Figures) -> str:
    """For each case and server: its CPU per unit of work divided by Aerie's, on a logarithmic scale."""
    groups = []
    for case in CASES:
        bars = []
        for server in SERVERS:
            found = ratio(figures.series(case.name, server, CPU), figures.series(case.name, "aerie", CPU))
            if server != "aerie" and found:
                bars.append((server, found))
        if bars:
            groups.append((case, bars))
    bar_height, gap, left, right, top = 13, 26, 250, 90, 64
    height = top + sum(gap + bar_height * len(bars) for _, bars in groups) + 30
    largest = max((found.high for _, bars in groups for _, found in bars), default=1)
    smallest = min((found.low for _, bars in groups for _, found in bars), default=1)
    low, high = math.log(min(smallest, 0.5)), math.log(max(largest, 2))
    width = 900

    def x_of(value: float) -> float:
        return left + (width - left - right) * (math.log(value) - low) / (high - low)

    drawing = Drawing(width, height, "Server CPU per unit of work, divided by Aerie's (shorter is better)")
    drawing.text(
        16,
        44,
        "logarithmic; the thin line is the 95 % interval of the median; left of 1: less than Aerie",
        11,
    )
    y = top
    for case, bars in groups:
        drawing.text(16, y + 10, case.title, weight="600")
        y += gap - 8
        drawing.line([(x_of(1), y - 3), (x_of(1), y + bar_height * len(bars))], COLOURS["aerie"], 2)
        for server, found in bars:
            drawing.text(left - 8, y + 10, _title(figures, server), size=11, anchor="end")
            begin, end = sorted((x_of(1), x_of(found.median)))
            drawing.bar(begin, y, end - begin, bar_height - 3, COLOURS[server])
            middle = y + (bar_height - 3) / 2
            drawing.line([(x_of(found.low), middle), (x_of(found.high), middle)], "#222222")
            drawing.text(max(end, x_of(found.high)) + 5, y + 10, f"{number(found.median)} ×", size=11)
            y += bar_height
        y += 8
    return drawing.whole()


def growth(figures: Figures) -> str:
    """CPU per delivery over the size of the room, 64 B, 4 in flight; both scales are logarithmic."""
    sizes = (100, 1000, 5000)
    lines = {}
    for server in SERVERS:
        points = [(size, figures.spread(f"fanout-{size}-64-4", server, CPU)) for size in sizes]
        if points := [(size, found) for size, found in points if found]:
            lines[server] = points
    width, height, left, right, top, bottom = 900, 420, 60, 250, 50, 50
    medians = [found.median for points in lines.values() for _, found in points] or [1]
    low, high = min(medians) / 1.2, max(medians) * 1.2

    def place(size: int, value: float) -> tuple[float, float]:
        across = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        up = math.log(value / low) / math.log(high / low)
        return left + (width - left - right) * across, height - bottom - (height - top - bottom) * up

    drawing = Drawing(width, height, "CPU per delivery, µs: fan-out with 4 messages of 64 B in flight")
    for size in sizes:
        x, y = place(size, low)
        drawing.line([(x, y), (x, top)], "#dddddd")
        drawing.text(x, y + 18, f"{size} receivers", anchor="middle")
    for value in (digit * 10**power for power in range(-2, 4) for digit in (1, 2, 5)):
        if low <= value <= high:
            x, y = place(sizes[0], value)
            drawing.line([(x, y), (width - right, y)], "#dddddd")
            drawing.text(x - 8, y + 4, f"{value:g}", anchor="end")
    labels = []
    for server, points in lines.items():
        drawing.line([place(size, found.median) for size, found in points], COLOURS[server], 2)
        for size, found in points:
            drawing.dot(*place(size, found.median), COLOURS[server])
        labels.append([place(*_last(points))[1], server])
    _spread_out(labels, 15, height - 12)
    for y, server in labels:
        drawing.text(width - right + 12, y + 4, _title(figures, server), colour=COLOURS[server])
    return drawing.whole()


def _last(points: list) -> tuple[int, float]:
    size, found = points[-1]
    return size, found.median


def _spread_out(labels: list[list], distance: float, lowest: float) -> None:
    """Moves labels until none covers another and none is below the lowest place."""
    labels.sort(reverse=True)
    for label in labels:
        label[0] = min(label[0], lowest)
        lowest = label[0] - distance


def memory(figures: Figures) -> str:
    bars = [
        (server, found)
        for server in SERVERS
        if (found := figures.spread("connect", server, "kib_per_connection"))
    ]
    width, left, top, bar_height = 900, 250, 44, 24
    largest = max((found.median for _, found in bars), default=1)
    drawing = Drawing(
        width, top + bar_height * len(bars) + 16, "Resident memory per idle connection, KiB (10 000)"
    )
    for i, (server, found) in enumerate(bars):
        y = top + i * bar_height
        length = (width - left - 90) * found.median / largest
        drawing.text(left - 8, y + 14, _title(figures, server), anchor="end")
        drawing.bar(left, y + 2, length, bar_height - 7, COLOURS[server])
        drawing.text(left + length + 6, y + 14, number(found.median))
    return drawing.whole()
