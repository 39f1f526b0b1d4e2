"""Template helpers of pictures."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk

from ...access.reading import counting, serving
from ...agencies import registry
from ...metadata import codes
from . import city_map, embedding, geographic_files, libraries, own_shapes, point_map, showing
from .city_map import CityMap
from .drawing import geographic
from .showing import AS_CHOSEN, Asked, Shown


def satudata_picture(dataset_id: str, resource_id: str, *, map: bool = False) -> Shown | None:
    """Return the picture of a resource for a page about it, of open data only.

    Data that are not open are drawn where somebody asks for them: looking at a page is not to
    count as reading them, and open ones are not counted either. Whatever goes wrong, the page
    stands without a picture. ``map``: as a map, whatever was chosen.
    """
    return picture(dataset_id, resource_id, Asked(map=True) if map else AS_CHOSEN)


def picture(dataset_id: str, resource_id: str, asked: Asked) -> Shown | None:
    """Return what is asked for of a resource, as :func:`satudata_picture`."""
    try:
        found = showing.admitted(dataset_id, resource_id)
        drawable = found.table is not None or geographic_files.kind_of(found)
        with counting.uncounted():
            return (
                showing.shown(found, asked, counted=False) if found.is_open and drawable else None
            )
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None


def satudata_is_geographic(resource: dict[str, Any]) -> bool:
    """Tell whether a file holds shapes that are drawn on a map; of most its format says no."""
    if str(resource.get("format") or "").casefold() not in geographic.FORMATS:
        return False
    found = serving.served(resource["id"])
    return found is not None and geographic_files.kind_of(found) is not None


def satudata_may_draw(resource_id: str) -> bool:
    """Tell whether the reader may have a picture of data that are not open."""
    found = serving.served(resource_id)
    if found is None or found.table is None or found.is_open:
        return False
    return bool(found.answer(registry.current_actor()))


def satudata_city_map() -> CityMap | None:
    """Return the drawing of the city with its villages, ``None`` where no outline is known."""
    shapes, _ = own_shapes.outlines()
    return _city_map(shapes.digest) if point_map.drawable(shapes) else None


@lru_cache(maxsize=2)
def _city_map(digest: str) -> CityMap:
    """Return the drawing on the shapes with this digest, made once."""
    shapes, _ = own_shapes.outlines()
    listed = codes.code_list("wilayah").codes.values()
    districts = [(c.code, c.label) for c in listed if c.level == "kecamatan"]
    return city_map.made(point_map.drawable(shapes), sorted(districts))


def satudata_boundary(*, ground: bool = True) -> str:
    """Say whose outlines a map has, and that they are no official boundary."""
    return own_shapes.boundary(ground=ground)


def satudata_libraries(draws: str) -> list[tuple[str, str]]:
    """Return address and integrity of each script that draws charts, or maps, in their order."""
    said = [s for s in libraries.declared() if s.draws == draws]
    return [(tk.h.url_for_static(f"{libraries.FOLDER}/{s.file}"), s.integrity) for s in said]


def satudata_embed_line(address: str, title: str) -> str:
    """Return the line that puts a picture into another page, as text: a page escapes it again."""
    return embedding.line(address, title)


def get_helpers() -> dict[str, Any]:
    """Return the helpers by name."""
    all_ = (
        satudata_picture,
        satudata_is_geographic,
        satudata_may_draw,
        satudata_city_map,
        satudata_boundary,
        satudata_libraries,
        satudata_embed_line,
    )
    return {f.__name__: f for f in all_}
