"""A few shapes of SVG, enough for bars and lines."""

from html import escape

FONT = "font-family='system-ui, sans-serif'"


class Drawing:
    def __init__(self, width: int, height: int, title: str):
        self._width = width
        self._height = height
        self._parts = [
            f"<title>{escape(title)}</title>",
            f"<rect width='{width}' height='{height}' fill='#ffffff'/>",
        ]
        self.text(16, 26, title, size=16, weight="600")

    def text(
        self, x: float, y: float, text: str, size=12, anchor="start", colour="#222222", weight="400"
    ) -> None:
        self._parts.append(
            f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size}' font-weight='{weight}' "
            f"text-anchor='{anchor}' fill='{colour}'>{escape(text)}</text>"
        )

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        place = f"x='{x:.1f}' y='{y:.1f}' width='{max(width, 1):.1f}' height='{height:.1f}'"
        self._parts.append(f"<rect {place} fill='{colour}'/>")

    def line(self, points: list[tuple[float, float]], colour: str, width=1.0) -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(
            f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'/>"
        )

    def dot(self, x: float, y: float, colour: str) -> None:
        self._parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3.5' fill='{colour}'/>")

    def whole(self) -> str:
        head = (
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{self._width}' height='{self._height}' "
            f"viewBox='0 0 {self._width} {self._height}'>"
        )
        return "\n".join([head, *self._parts, "</svg>"]) + "\n"
