"""The flowchart of a page: shapes in a grid of rows and lanes, lines in the gutters between them.

Lengths are millimetres; x grows to the right, y downwards. A shape stands in the middle of its
cell, so that around every shape there is room in which no shape stands: a margin at the top and at
the bottom of each row, and a gutter between two lanes. Lines run only there, except for a piece
between a shape and the margin of its own cell, and for connectors, the outermost shapes of their
row. That no line crosses a shape follows from it; two lines lie upon one another only where they
leave the same side of a shape or lead to the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MARGIN = 4.0
"""Room above and below a shape in its row."""
LEAVING, ARRIVING = 1.3, 1.1
"""How far from the bottom, and from the top, of a row its horizontal lines run."""
GUTTER_SHARE = 0.22
"""Which part of a lane's width is gutter, on either side."""
HIGHEST = 7.5
"""A shape is not higher than this, except a connector to another page."""

BESIDE = "page"
"""The symbol of a connector to another page, which stands beside the shape of its row."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """A shape to be placed: its row and lane on this page, and what stands in it."""

    key: str
    row: int
    lane: int
    symbol: str
    text: str = ""


@dataclass(frozen=True)
class Edge:
    """A line from one shape to another.

    :param label: a letter beside the beginning, at a decision.
    :param aside: leaves at the right side and not at the bottom.
    """

    source: str
    target: str
    label: str = ""
    aside: bool = False

    @property
    def beginning(self) -> tuple[str, bool]:
        """Shape and side that it leaves: lines of two answers are kept apart."""
        return self.source, self.aside


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Line:
    """A way of horizontal and vertical pieces; the arrow is at its end."""

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Label:
    """A word beside a line, in a box that it does not leave."""

    text: str
    box: Box


@dataclass(frozen=True)
class Chart:
    """What is drawn, and where."""

    width: float
    height: float
    lanes: tuple[float, ...]
    """Left borders of the lanes, and the right border of the last."""
    rows: tuple[float, ...]
    """Upper borders of the rows, and the lower border of the last."""
    shapes: Mapping[str, tuple[Node, Box]]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]


def lay_out(
    nodes: Sequence[Node], edges: Sequence[Edge], lanes: Sequence[float], rows: Sequence[float]
) -> Chart:
    """Place the shapes and find a way for every line.

    :param nodes: one in each row, and beside it, left or right of everything else, connectors with
        lines to or from that one only.
    :param lanes: widths of the lanes, in millimetres.
    :param rows: heights of the rows, in millimetres, each more than twice ``MARGIN``.
    :raises ValueError: two shapes where one may be, a row too low, a line that leads nowhere.
    """
    across, down = _borders(lanes), _borders(rows)
    if any(height <= 2 * MARGIN + 1 for height in rows):
        raise ValueError("a row is too low for a shape and its margins")
    if len({(n.row, n.lane) for n in nodes}) < len(nodes):
        raise ValueError("two shapes in one cell")
    inner = [n.row for n in nodes if n.symbol != BESIDE]
    if len(set(inner)) < len(inner):
        raise ValueError("two shapes in one row")
    shapes = {n.key: (n, _box(n, across, down)) for n in nodes}
    router = _Router(shapes, across, down)
    lines = router.route(edges)
    labels = tuple(_label(edge, shapes[edge.source][1]) for edge in edges if edge.label)
    return Chart(across[-1], down[-1], across, down, shapes, lines, labels)


def _borders(sizes: Sequence[float]) -> tuple[float, ...]:
    borders = [0.0]
    for size in sizes:
        borders.append(borders[-1] + size)
    return tuple(borders)


def _box(node: Node, across: Sequence[float], down: Sequence[float]) -> Box:
    left, right = across[node.lane], across[node.lane + 1]
    top, bottom = down[node.row], down[node.row + 1]
    aside = (right - left) * GUTTER_SHARE
    room = bottom - top - 2 * MARGIN
    half = min(room, HIGHEST * (1.3 if node.symbol == BESIDE else 1)) / 2
    middle = (top + bottom) / 2
    return Box(left + aside, middle - half, right - aside, middle + half)


@dataclass(frozen=True)
class _Way:
    """A way through a gutter: what comes before and after the vertical piece in it."""

    edge: Edge
    gutter: int
    before: tuple[Point, ...]
    begin: float
    end: float
    after: tuple[Point, ...]

    @property
    def top(self) -> float:
        """The upper end of the piece in the gutter."""
        return min(self.begin, self.end)

    @property
    def bottom(self) -> float:
        """Its lower end."""
        return max(self.begin, self.end)

    def at(self, x: float) -> Line:
        """Return the line, with the piece in the gutter at ``x``."""
        return Line(self.edge, (*self.before, (x, self.begin), (x, self.end), *self.after))

    def clashes(self, other: _Way) -> bool:
        """Tell whether the two must not have the same x."""
        meet = self.top <= other.bottom and other.top <= self.bottom
        return (
            meet
            and self.edge.beginning != other.edge.beginning
            and (self.edge.target != other.edge.target)
        )


class _Router:
    """Finds ways; the places of vertical pieces within a gutter are given at the end."""

    def __init__(
        self,
        shapes: Mapping[str, tuple[Node, Box]],
        across: Sequence[float],
        down: Sequence[float],
    ) -> None:
        self._shapes, self._across, self._down = shapes, across, down

    def route(self, edges: Sequence[Edge]) -> tuple[Line, ...]:
        """Return the way of every line, in their order."""
        found = [self._way(edge) for edge in edges]
        places = self._places({n: way for n, way in enumerate(found) if isinstance(way, _Way)})
        return tuple(
            way.at(places[number]) if isinstance(way, _Way) else way
            for number, way in enumerate(found)
        )

    def _way(self, edge: Edge) -> _Way | Line:
        for end in (edge.source, edge.target):
            if end not in self._shapes:
                raise ValueError(f"a line leads to '{end}', which is not on the page")
        (source, start), (target, goal) = self._shapes[edge.source], self._shapes[edge.target]
        if source.row == target.row and source.lane != target.lane:
            return Line(edge, _sideways(start, goal))
        leave = self._down[source.row + 1] - LEAVING
        arrive = self._down[target.row] + ARRIVING
        x, goal_x = start.middle[0], goal.middle[0]
        out, into = (x, start.bottom), (goal_x, goal.top)
        after = ((goal_x, arrive), into)
        if edge.aside:
            y = start.middle[1]
            return _Way(edge, source.lane + 1, ((start.right, y),), y, arrive, after)
        if target.row == source.row + 1:
            if source.lane == target.lane:
                return Line(edge, (out, into))
            return Line(edge, (out, (x, leave), (goal_x, leave), into))
        gutter = self._gutter(source, target)
        return _Way(edge, gutter, (out, (x, leave)), leave, arrive, after)

    @staticmethod
    def _gutter(source: Node, target: Node) -> int:
        """Return the gutter beside the target that is nearer to the source."""
        if source.lane < target.lane:
            return target.lane
        if source.lane > target.lane:
            return target.lane + 1
        # Down on the right, back on the left: the two directions keep apart.
        return target.lane + 1 if target.row > source.row else target.lane

    def _places(self, ways: Mapping[int, _Way]) -> dict[int, float]:
        """Return line → x: pieces that share no end and meet in height get different tracks."""
        tracks: dict[int, list[list[int]]] = {}
        for number in sorted(ways, key=lambda n: (ways[n].top, n)):
            way = ways[number]
            known = tracks.setdefault(way.gutter, [])
            for track in known:
                if not any(way.clashes(ways[other]) for other in track):
                    track.append(number)
                    break
            else:
                known.append([number])
        places = {}
        for gutter, known in tracks.items():
            left, right = self._room(gutter)
            for place, track in enumerate(known, start=1):
                x = left + (right - left) * place / (len(known) + 1)
                places.update(dict.fromkeys(track, x))
        return places

    def _room(self, gutter: int) -> tuple[float, float]:
        """Return left and right of a gutter: between the shapes of two lanes."""
        border = self._across[gutter]
        left = right = border
        if gutter > 0:
            left = border - (border - self._across[gutter - 1]) * GUTTER_SHARE
        if gutter < len(self._across) - 1:
            right = border + (self._across[gutter + 1] - border) * GUTTER_SHARE
        return left, right


def _sideways(start: Box, goal: Box) -> tuple[Point, Point]:
    y = start.middle[1]
    if start.right <= goal.left:
        return (start.right, y), (goal.left, y)
    return (start.left, y), (goal.right, y)


def _label(edge: Edge, start: Box) -> Label:
    """Return a letter in a corner beside a decision, where its box is empty.

    A corner of size w × h keeps clear of the rhombus while w/W + h/H ≤ 1, with W and H half of
    the box: three tenths and a half do.
    """
    wide = (start.right - start.left) / 2 * 0.3
    high = (start.bottom - start.top) / 2 * 0.5
    if edge.aside:
        return Label(edge.label, Box(start.right - wide, start.top, start.right, start.top + high))
    return Label(
        edge.label, Box(start.right - wide, start.bottom - high, start.right, start.bottom)
    )
