"""The shapes of regions, the operator's or those of the portal, read once by each process."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ... import config, paths
from ...agencies.checks import Finding, Level
from ...messages import Message
from ...msgids import N_
from ..web.outlines import Outlines, offer
from .drawing import maps, shapes
from .drawing.shapes import Shapes

log = logging.getLogger(__name__)
NOT_READ = N_("The file could not be opened.")


SHIPPED = N_("Cahya DSN (wilayah_boundaries, MIT), after Badan Informasi Geospasial")
OWN = N_("the file of the operator")
NO_BOUNDARY = N_("Outlines: %(source)s. No official boundary (bukan batas resmi).")


def known() -> Shapes:
    """Return the shapes: the operator's, or those that come with the portal.

    None where the operator's file is wrong: then there are no maps of regions.
    """
    return _read(config.region_shapes() or _shipped())[0]


def _shipped() -> Path:
    return paths.schemas() / "codes" / "batas" / "pontianak-wilayah.geojson"


def outlines() -> tuple[Shapes, str]:
    """Return the ground of maps of points, and whose it is: the operator's file or the shipped one.

    A file of the operator's that holds points alone is no ground.
    """
    named = _read(config.region_shapes())[0]
    if any(region.areas for region in named.regions.values()):
        return named, OWN
    return _read(_shipped())[0], SHIPPED


def boundary(*, ground: bool = False) -> str:
    """Say whose shapes a map is drawn on, and that they are no official boundary.

    :param ground: of :func:`outlines`, not of :func:`known`.
    """
    whose = outlines()[1] if ground else OWN if config.region_shapes() else SHIPPED
    return tk._(NO_BOUNDARY) % {"source": tk._(whose)}


def _offered() -> Outlines:
    return Outlines(_geometries(config.region_shapes() or _shipped()), boundary())


@lru_cache(maxsize=4)
def _geometries(path: Path) -> dict[str, dict[str, Any]]:
    """Return the outlines of a file as GeoJSON has them; a region without areas has none."""
    return {
        code: {"type": "MultiPolygon", "coordinates": region.areas}
        for code, region in _read(path)[0].regions.items()
        if region.areas
    }


offer(_offered)


def problem() -> Message | None:
    """Return what is wrong with the file that is named, ``None`` where nothing is."""
    return _read(config.region_shapes())[1]


def check() -> list[Finding]:
    """Is the file of shapes readable that the operator named?"""
    why = problem()
    if why is None:
        return []
    return [
        Finding(
            Level.WARNING,
            N_("There are no maps of regions: the file of %(option)s is not used. %(why)s"),
            N_("Correct the file, or set the option to nothing, and restart the site."),
            {"option": config.REGION_SHAPES, "why": why.text(tk._)},
        )
    ]


@lru_cache(maxsize=4)
def _read(path: Path | None) -> tuple[Shapes, Message | None]:
    if path is None:
        return Shapes(), None
    try:
        with path.open("rb") as file:
            return shapes.read(file.read(maps.MOST_BYTES + 1)), None
    except OSError:
        why = Message(NOT_READ)
    except maps.NoMap as found:
        why = found.why
    log.warning("no maps of regions, %s: %s", path, why)
    return Shapes(), why
