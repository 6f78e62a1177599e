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
    drawing.text(16, 44, "logarithmic; the thin line is the 95 % interval of the median; left of 1: less than Aerie", 11)
    y = top
    for case, bars in groups:
        drawing.text(16, y + 10, case.title, weight="600")
        y += gap - 8
        for server, found in bars:
            drawing.text(left - 8, y + 10, _title(figures, server), size=11, anchor="end")
            begin, end = sorted((x_of(1), x_of(found.median)))
            drawing.bar(begin, y, end - begin, bar_height - 3, COLOURS[server])
            middle = y + (bar_height - 3) / 2
            drawing.line([(x_of(found.low), middle), (x_of(found.high), middle)], "#222222")
            drawing.text(max(end, x_of(found.high)) + 5, y + 10, f"{number(found.median)} ×", size=11)
            y += bar_height
        y += 8
    drawing.line([(x_of(1), top - 6), (x_of(1), y)], COLOURS["aerie"], 2)
    return drawing.whole()


def growth(figures: Figures) -> str:
    """CPU per delivery over the size of the room, 64 B, 4 in flight."""
    sizes = (100, 1000, 5000)
    lines = {}
    for server in SERVERS:
        points = [(size, figures.spread(f"fanout-{size}-64-4", server, CPU)) for size in sizes]
        if points := [(size, found) for size, found in points if found]:
            lines[server] = points
    width, height, left, right, top, bottom = 900, 380, 60, 230, 50, 50
    largest = max((found.median for points in lines.values() for _, found in points), default=1) * 1.08

    def place(size: int, value: float) -> tuple[float, float]:
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return left + (width - left - right) * share, height - bottom - (height - top - bottom) * value / largest

    drawing = Drawing(width, height, "CPU per delivery, µs: fan-out with 4 messages of 64 B in flight")
    for size in sizes:
        x, y = place(size, 0)
        drawing.line([(x, y), (x, top)], "#dddddd")
        drawing.text(x, y + 18, f"{size} receivers", anchor="middle")
    for i in range(5):
        value = largest * i / 4
        x, y = place(sizes[0], value)
        drawing.line([(x, y), (width - right, y)], "#dddddd")
        drawing.text(x - 8, y + 4, number(value), anchor="end")
    labels = []
    for server, points in lines.items():
        drawing.line([place(size, found.median) for size, found in points], COLOURS[server], 2)
        for size, found in points:
            drawing.dot(*place(size, found.median), COLOURS[server])
        labels.append([place(*_last(points))[1], server])
    _spread_out(labels, 15)
    for y, server in labels:
        drawing.text(width - right + 12, y + 4, _title(figures, server), colour=COLOURS[server])
    return drawing.whole()


def _last(points: list) -> tuple[int, float]:
    size, found = points[-1]
    return size, found.median


def _spread_out(labels: list[list], distance: float) -> None:
    """Moves labels down until none covers another."""
    labels.sort()
    for above, below in zip(labels, labels[1:]):
        below[0] = max(below[0], above[0] + distance)


def memory(figures: Figures) -> str:
    bars = [
        (server, found)
        for server in SERVERS
        if (found := figures.spread("connect", server, "kib_per_connection"))
    ]
    width, left, top, bar_height = 900, 250, 44, 24
    largest = max((found.median for _, found in bars), default=1)
    drawing = Drawing(width, top + bar_height * len(bars) + 16, "Resident memory per idle connection, KiB (10 000)")
    for i, (server, found) in enumerate(bars):
        y = top + i * bar_height
        length = (width - left - 90) * found.median / largest
        drawing.text(left - 8, y + 14, _title(figures, server), anchor="end")
        drawing.bar(left, y + 2, length, bar_height - 7, COLOURS[server])
        drawing.text(left + length + 6, y + 14, number(found.median))
    return drawing.whole()
