"""A laid-out flowchart as SVG: the whole, or the slice of one row for its cell in the table."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from .flowchart import BESIDE, Box, Chart, Label, Line, Node

STROKE = 'fill="none" stroke="#000" stroke-width="0.3"'
SHAPE = 'fill="#fff" stroke="#000" stroke-width="0.35"'
FONT = 'font-family="Liberation Sans, DejaVu Sans, Arial, sans-serif"'


def whole(chart: Chart, heads: Iterable[str] = ()) -> str:
    """Return the chart as SVG, in millimetres, with a head over each lane where they are given."""
    heads = list(heads)
    above = 10.0 if heads else 0.0
    parts = [_lane_borders(chart, 0, chart.height), *_row_borders(chart), *_body(chart)]
    for number, text in enumerate(heads):
        left, right = chart.lanes[number], chart.lanes[number + 1]
        parts.append(_head(text, Box(left, -above, right, 0)))
    return _svg(chart.width, -above, chart.height + above, parts, keep=True)


def row_slice(chart: Chart, row: int) -> str:
    """Return what is drawn within one row. It may be stretched, so that lines stay whole."""
    top, bottom = chart.rows[row], chart.rows[row + 1]
    parts = [_lane_borders(chart, top, bottom), *_body(chart, top, bottom)]
    return _svg(chart.width, top, bottom - top, parts, keep=False)


def _svg(width: float, top: float, height: float, parts: Iterable[str], *, keep: bool) -> str:
    aspect = "" if keep else ' preserveAspectRatio="none"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.2f}mm" height="{height:.2f}mm" '
        f'viewBox="0 {top:.2f} {width:.2f} {height:.2f}"{aspect}>{"".join(parts)}</svg>'
    )


def _body(chart: Chart, top: float = float("-inf"), bottom: float = float("inf")) -> list[str]:
    lines = [_line(line) for line in chart.lines if _meets(line, top, bottom)]
    shapes = [
        _shape(node, box)
        for node, box in chart.shapes.values()
        if box.top < bottom and box.bottom > top
    ]
    labels = [
        _label(label) for label in chart.labels if label.box.top < bottom and label.box.bottom > top
    ]
    return [*lines, *shapes, *labels]


def _meets(line: Line, top: float, bottom: float) -> bool:
    heights = [y for _, y in line.points]
    return min(heights) < bottom and max(heights) > top


def _lane_borders(chart: Chart, top: float, bottom: float) -> str:
    path = " ".join(f"M{x:.2f} {top:.2f}V{bottom:.2f}" for x in chart.lanes[1:-1])
    return f'<path d="{path}" fill="none" stroke="#bbb" stroke-width="0.2"/>' if path else ""


def _row_borders(chart: Chart) -> list[str]:
    path = " ".join(f"M0 {y:.2f}H{chart.width:.2f}" for y in chart.rows)
    return [f'<path d="{path}" fill="none" stroke="#bbb" stroke-width="0.2"/>']


def _line(line: Line) -> str:
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in line.points)
    (x0, y0), (x, y) = line.points[-2:]
    if x == x0:
        sign = 1 if y > y0 else -1
        tip = (
            f"{x:.2f},{y:.2f} {x - 0.8:.2f},{y - 1.5 * sign:.2f} {x + 0.8:.2f},{y - 1.5 * sign:.2f}"
        )
    else:
        sign = 1 if x > x0 else -1
        tip = (
            f"{x:.2f},{y:.2f} {x - 1.5 * sign:.2f},{y - 0.8:.2f} {x - 1.5 * sign:.2f},{y + 0.8:.2f}"
        )
    return f'<polyline points="{points}" {STROKE}/><polygon points="{tip}" fill="#000"/>'


def _shape(node: Node, box: Box) -> str:
    x, y = box.left, box.top
    wide, high = box.right - box.left, box.bottom - box.top
    (mx, my) = box.middle
    if node.symbol == "decision":
        drawn = (
            f'<polygon points="{mx:.2f},{box.top:.2f} {box.right:.2f},{my:.2f} '
            f'{mx:.2f},{box.bottom:.2f} {box.left:.2f},{my:.2f}" {SHAPE}/>'
        )
    elif node.symbol in ("connector", BESIDE):
        low = box.top + high * 0.65
        drawn = (
            f'<polygon points="{x:.2f},{y:.2f} {box.right:.2f},{y:.2f} {box.right:.2f},{low:.2f} '
            f'{mx:.2f},{box.bottom:.2f} {x:.2f},{low:.2f}" {SHAPE}/>'
        )
        my = box.top + high * 0.36
    else:
        round_ = min(wide, high) / 2 if node.symbol == "terminator" else 0
        drawn = (
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" '
            f'rx="{round_:.2f}" {SHAPE}/>'
        )
    if node.symbol == BESIDE:
        return drawn + _numbers(node.text, Box(x, y, box.right, box.top + high * 0.65))
    return drawn + _text(node.text, mx, my, wide * 0.8)


def _numbers(text: str, box: Box) -> str:
    """Return the numbers in a connector, on two lines where they are many."""
    (x, y), wide = box.middle, box.right - box.left
    words = text.split()
    if len(text) < 7 or len(words) < 2:
        return _text(text, x, y + 0.3, wide * 0.9)
    half = (len(words) + 1) // 2
    lines = [" ".join(words[:half]), " ".join(words[half:])]
    return "".join(_text(t, x, y - 1 + 2.3 * n, wide * 0.92, 2.2) for n, t in enumerate(lines))


def _text(text: str, x: float, y: float, room: float, size: float = 2.6) -> str:
    """Return a text around a point, small enough for the room."""
    if not text:
        return ""
    size = min(size, room / (0.58 * len(text)))
    return (
        f'<text x="{x:.2f}" y="{y + size * 0.36:.2f}" font-size="{size:.2f}" text-anchor="middle" '
        f"{FONT}>{escape(text)}</text>"
    )


def _label(label: Label) -> str:
    x, y = label.box.middle
    wide, high = label.box.right - label.box.left, label.box.bottom - label.box.top
    return _text(label.text, x, y, wide, min(2.2, high))


def _head(text: str, box: Box) -> str:
    """Return the head of a lane, its words on as many lines as they need."""
    wide = box.right - box.left
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < wide / 1.25:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    (x, _), step = box.middle, 2.5
    first = box.top + (box.bottom - box.top - step * (len(lines) - 1)) / 2
    texts = [_text(t, x, first + n * step, wide - 1, 2.1) for n, t in enumerate(lines)]
    frame = (
        f'<rect x="{box.left:.2f}" y="{box.top:.2f}" width="{wide:.2f}" '
        f'height="{box.bottom - box.top:.2f}" fill="#eee" stroke="#bbb" stroke-width="0.2"/>'
    )
    return frame + "".join(texts)


def symbol(node: Node, box: Box) -> str:
    """Return one symbol as SVG, for the legend."""
    return _svg(box.right + 0.5, 0, box.bottom + 0.5, [_shape(node, box)], keep=True)
