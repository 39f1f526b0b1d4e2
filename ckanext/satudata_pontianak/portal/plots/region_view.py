"""Where the regions of a map stand in its picture, in pixels, and what stands for each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .drawing.charts import Chart
from .drawing.figure import GAP
from .drawing.looks import Theme
from .drawing.shapes import Position, Region, Shapes

MARGIN, LOWEST, HIGHEST = 12, 0.45, 1.0
"""Pixels around the regions; how high a picture is at least and at most, by its width."""
DOT = 9
"""Radius of the point that stands for a region without known boundaries."""


@dataclass(frozen=True)
class View:
    """How degrees become pixels: ``x`` times scale plus ``east``, and ``y`` upside down."""

    width: int
    height: int
    scale: float
    east: float
    north: float

    def at(self, position: Position) -> Position:
        """Return the pixel of a position."""
        return position[0] * self.scale + self.east, self.north - position[1] * self.scale

    def back(self, x: float, y: float) -> Position:
        """Return the position of a pixel."""
        return (x - self.east) / self.scale, (self.north - y) / self.scale


@dataclass(frozen=True)
class Shown:
    """A region with what stands for it: its number, or the mark of the table, or neither."""

    region: Region
    name: str
    value: Decimal | None
    mark: str


def shown_of(chart: Chart, shapes: Shapes) -> list[Shown]:
    """Return every region of the level: those of the chart, and those that it does not have."""
    found: dict[str, Shown] = {}
    for x, place in enumerate(chart.places):
        region, cell = shapes.regions.get(place.region), chart.cells.get((x, 0))
        if region is not None and cell is not None:
            mark = "" if cell.value is not None else cell.mark or GAP
            found[region.code] = Shown(region, place.text, cell.value, mark)
    level = next(iter(found.values())).region.level
    return [found.get(r.code) or Shown(r, r.name, None, "") for r in shapes.of_level(level)]


def view_of(regions: Sequence[Region], theme: Theme) -> View:
    """Return a view that shows all regions, as high as they need within limits."""
    positions = [position for region in regions for position in region.positions]
    west, east = min(p[0] for p in positions), max(p[0] for p in positions)
    south, north = min(p[1] for p in positions), max(p[1] for p in positions)
    across, upright = max(east - west, 1e-6), max(north - south, 1e-6)
    points = all(not region.areas for region in regions)
    width = theme.frame.width
    margin = MARGIN + (width / 18 if points else 0)
    inner = width - 2 * margin
    wanted = inner * upright / across + 2 * margin
    height = round(min(max(wanted, width * LOWEST), width * HIGHEST))
    scale = min(inner / across, (height - 2 * margin) / upright)
    return View(
        width,
        height,
        scale,
        (width - across * scale) / 2 - west * scale,
        (height - upright * scale) / 2 + north * scale,
    )


def located() -> dict[str, Any]:
    """Return the encoding of a place by its degrees."""
    return {
        "longitude": {"field": "lon", "type": "quantitative"},
        "latitude": {"field": "lat", "type": "quantitative"},
    }
