"""The shapes of regions that the operator named, read once by each process."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import ckan.plugins.toolkit as tk

from ... import config, paths
from ...agencies.checks import Finding, Level
from ...messages import Message
from ...msgids import N_
from .drawing import maps, shapes
from .drawing.shapes import Shapes

log = logging.getLogger(__name__)
NOT_READ = N_("The file could not be opened.")


def known() -> Shapes:
    """Return the shapes; none where no file is named, or it is wrong: then there are no maps."""
    return _read(config.region_shapes())[0]


SHIPPED = N_("Cahya DSN (wilayah_boundaries, MIT), after Badan Informasi Geospasial")
OWN = N_("the file of the operator")


def outlines() -> tuple[Shapes, str]:
    """Return the ground of maps of points, and whose it is: the operator's file or the shipped one.

    A file of the operator's that holds points alone is no ground.
    """
    named = known()
    if any(region.areas for region in named.regions.values()):
        return named, OWN
    path = paths.schemas() / "codes" / "batas" / "pontianak-wilayah.geojson"
    return _read(path)[0], SHIPPED


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
