"""Geometry of a laid-out flowchart, without any word of how it was laid out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ckanext.satudata_pontianak.sop.drawing.flowchart import Box, Chart, Edge, Point

Piece = tuple[Point, Point]
NEAR = 1e-9


def pieces(chart: Chart) -> Iterator[tuple[Edge, Piece]]:
    """Give every straight piece of every line."""
    for line in chart.lines:
        for piece in itertools.pairwise(line.points):
            yield line.edge, piece


def inside(piece: Piece, box: Box) -> bool:
    """Tell whether an orthogonal piece runs through the inside of a box, not only along it."""
    (x1, y1), (x2, y2) = piece
    left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    across = right > box.left + NEAR and left < box.right - NEAR
    down = bottom > box.top + NEAR and top < box.bottom - NEAR
    return across and down


def along(one: Piece, other: Piece) -> bool:
    """Tell whether two orthogonal pieces lie upon one another for some length."""
    for a in (0, 1):
        b = 1 - a
        flat = all(abs(p[0][a] - p[1][a]) <= NEAR for p in (one, other))
        if flat and abs(one[0][a] - other[0][a]) <= NEAR:
            low = max(min(p[0][b], p[1][b]) for p in (one, other))
            high = min(max(p[0][b], p[1][b]) for p in (one, other))
            if high - low > NEAR:
                return True
    return False


def faults(chart: Chart) -> list[str]:
    """Say what is wrong with a drawing; empty when nothing is."""
    return [*_boxes(chart), *_lines(chart), *_labels(chart)]


def _boxes(chart: Chart) -> Iterator[str]:
    boxes = [(key, box) for key, (_, box) in chart.shapes.items()]
    for key, box in boxes:
        if box.right - box.left < 1 or box.bottom - box.top < 1:
            yield f"{key} is too small to be seen"
        if box.left < 0 or box.top < 0 or box.right > chart.width or box.bottom > chart.height:
            yield f"{key} leaves the sheet"
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom:
            yield f"{one} overlaps {other}"


def _lines(chart: Chart) -> Iterator[str]:
    every = list(pieces(chart))
    for edge, ((x1, y1), (x2, y2)) in every:
        if abs(x1 - x2) > NEAR and abs(y1 - y2) > NEAR:
            yield f"{edge} runs aslant"
        if not all(
            0 <= x <= chart.width and 0 <= y <= chart.height for x, y in ((x1, y1), (x2, y2))
        ):
            yield f"{edge} leaves the sheet"
    for edge, piece in every:
        yield from (
            f"{edge} crosses {key}" for key, (_, box) in chart.shapes.items() if inside(piece, box)
        )
    for (one, a), (other, b) in itertools.combinations(every, 2):
        # An answer that leaves at the side is a line of its own, but for a connector beside it.
        apart = (one.source, one.aside) != (other.source, other.aside)
        if apart and one.target != other.target and along(a, b) and not _sideways(one, other):
            yield f"{one} lies upon {other}"
    for line in chart.lines:
        for end, name in ((line.points[0], line.edge.source), (line.points[-1], line.edge.target)):
            if not _on_border(end, chart.shapes[name][1]):
                yield f"{line.edge} does not touch {name}"


def _sideways(one: Edge, other: Edge) -> bool:
    """Tell whether one of two lines of a shape leads to the connector at its side."""
    return one.source == other.source and any(e.target.startswith("out") for e in (one, other))


def _on_border(point: Point, box: Box) -> bool:
    (x, y), (mx, my) = point, box.middle
    corners = ((mx, box.top), (mx, box.bottom), (box.left, my), (box.right, my))
    return any(abs(x - cx) <= NEAR and abs(y - cy) <= NEAR for cx, cy in corners)


def _labels(chart: Chart) -> Iterator[str]:
    for label in chart.labels:
        for edge, piece in pieces(chart):
            if inside(piece, label.box):
                yield f"{edge} crosses the letter {label.text}"
        for key, (node, box) in chart.shapes.items():
            if _covers(node.symbol, box, label.box):
                yield f"{key} covers the letter {label.text}"


def _covers(symbol: str, box: Box, other: Box) -> bool:
    apart = (
        other.left >= box.right
        or other.right <= box.left
        or other.top >= box.bottom
        or other.bottom <= box.top
    )
    if apart or symbol != "decision":
        return not apart
    # A rhombus: its nearest point to the other box lies within |dx|/W + |dy|/H < 1.
    mx, my = box.middle
    dx = max(other.left - mx, 0, mx - other.right)
    dy = max(other.top - my, 0, my - other.bottom)
    return dx / (box.right - mx) + dy / (box.bottom - my) < 1 - NEAR
