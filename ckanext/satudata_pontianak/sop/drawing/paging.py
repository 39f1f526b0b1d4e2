"""Which rows stand on which page, and the flowchart of each page with its connectors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .flowchart import BESIDE, MARGIN, Chart, Edge, Node, lay_out

CHARTS_WIDTH = 100.0
"""Width of all lanes together on A4 landscape, in millimetres."""
BESIDE_WIDTH = 13.0
"""Width of the lane of the connectors, on either side."""
PAGE_HEIGHT = 160.0
"""What the rows of a page may take, in millimetres, below the head of the table."""
LOWEST = 2 * MARGIN + 9.0
LINE = 3.15
"""Height of a line of text, in millimetres."""
TEXT_WIDTHS: Mapping[str, float] = {
    "activity": 56.0,
    "needs": 32.0,
    "time": 21.0,
    "output": 24.0,
    "remarks": 32.0,
}
"""Widths of the columns of text, in millimetres."""
LETTER = 1.38
"""Mean width of a letter, in millimetres; more than it is, so that no row grows."""


@dataclass(frozen=True)
class Page:
    """The rows of a page and their flowchart; ``lanes`` counts the connectors' two as well."""

    rows: tuple[Mapping[str, Any], ...]
    chart: Chart
    connected: bool


def paged(view: Mapping[str, Any]) -> list[Page]:
    """Return the pages of an SOP's table.

    :param view: what ``rendering.view`` gives.
    """
    groups = _groups(view["rows"])
    connected = len(groups) > 1
    return [Page(tuple(g), _chart(view, g, connected), connected) for g in groups]


def lane_widths(count: int, connected: bool) -> list[float]:
    """Return the widths of the lanes, the connectors' included, in millimetres."""
    beside = [BESIDE_WIDTH] if connected else []
    inner = (CHARTS_WIDTH - 2 * sum(beside)) / count
    return [*beside, *[inner] * count, *beside]


def row_height(row: Mapping[str, Any]) -> float:
    """Return how high a row is at least, for its text and its shape, in millimetres."""
    texts = {
        "activity": [*([row["title"]] if row["title"] else []), row["activity"]],
        "needs": row["needs"],
        "time": [row["time"]],
        "output": [row["output"]],
        "remarks": row["notes"],
    }
    most = max(_lines(texts[name], width) for name, width in TEXT_WIDTHS.items())
    return max(LOWEST, most * LINE + 2.5)


def _lines(texts: Sequence[str], width: float) -> int:
    letters = (width - 3) / LETTER
    return sum(_wrapped(text, letters) for text in texts)


def _wrapped(text: str, letters: float) -> int:
    """Return on how many lines a text stands, broken between words."""
    count, used = 1, 0.0
    for word in text.split():
        needed = len(word) + (1 if used else 0)
        if used + needed > letters and used:
            count, used = count + 1, 0.0
            needed = len(word)
        used += needed
        if used > letters:  # a word longer than the line is broken
            count += math.ceil(used / letters) - 1
            used %= letters
    return count


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    groups: list[list[Mapping[str, Any]]] = [[]]
    used = 0.0
    for row in rows:
        height = row_height(row)
        # A choice begins a page where it would be parted from its steps soon.
        early = row["symbol"] == "decision" and used > PAGE_HEIGHT * 0.8
        if groups[-1] and (used + height > PAGE_HEIGHT or early):
            groups.append([])
            used = 0.0
        groups[-1].append(row)
        used += height
    return groups


def _chart(view: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], connected: bool) -> Chart:
    first = 1 if connected else 0
    lanes = {lane["name"]: number + first for number, lane in enumerate(view["lanes"])}
    here = {row["number"]: place for place, row in enumerate(rows)}
    nodes = [
        Node(str(r["number"]), here[r["number"]], lanes[r["lane"]], r["symbol"], str(r["number"]))
        for r in rows
    ]
    edges: list[Edge] = []
    for row in rows:
        source = str(row["number"])
        away: list[str] = []
        plain: list[int] = []
        # Its right side belongs to the connector where an answer leads to another page.
        split = any(link["number"] not in here for link in row["next"])
        for link in row["next"]:
            letter = link["letter"]
            if link["number"] in here:
                edges.append(
                    Edge(source, str(link["number"]), letter, aside=link["aside"] and not split)
                )
            elif letter:
                away.append(f"{letter}:{link['number']}")
            else:
                plain.append(link["number"])
        away += ranges(plain)
        if away:
            nodes.append(_beside(f"out{source}", here[row["number"]], len(lanes) + 1, away))
            edges.append(Edge(source, f"out{source}"))
    for row in rows:
        target = str(row["number"])
        come = [
            other["number"]
            for other in view["rows"]
            if other["number"] not in here
            and any(link["number"] == row["number"] for link in other["next"])
        ]
        if come:
            nodes.append(_beside(f"in{target}", here[row["number"]], 0, ranges(come)))
            edges.append(Edge(f"in{target}", target))
    heights = [row_height(row) for row in rows]
    return lay_out(nodes, edges, lane_widths(len(lanes), connected), heights)


def ranges(numbers: Sequence[int]) -> list[str]:
    """Return numbers with three or more in a row as one: 8, 9, 10, 12 is 8–10 and 12."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    found: list[str] = []
    for run in runs:
        found += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(n) for n in run]
    return found


def _beside(key: str, row: int, lane: int, numbers: Sequence[str]) -> Node:
    return Node(key, row, lane, BESIDE, ", ".join(numbers))
