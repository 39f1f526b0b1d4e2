"""Geographic files as they are stored: which are drawn, and their shapes."""

from __future__ import annotations

import json
from functools import lru_cache

from ...access.limits import rates
from ...access.reading.serving import Served
from ...classification.rules import variables
from ...classification.versions import storage
from ...messages import Message
from . import geographic_reading, kept
from .drawing import geographic, maps


def kind_of(found: Served) -> str | None:
    """Return how a file is read that says by its name, or as a ZIP by what it lists, it has shapes.

    :returns: one of :mod:`.drawing.geographic`, ``None`` for any other file.
    """
    if not found.filename.casefold().endswith(".zip"):
        return geographic.kind_of(found.filename)
    return _kind_of_packed(found.sha256) if found.sha256 else None


@lru_cache(maxsize=1024)
def _kind_of_packed(digest: str) -> str | None:
    """Return how the ZIP with this digest is read, looked at once."""
    try:
        with storage.open_file(digest) as stream:
            return geographic_reading.kind_of("packed.zip", stream)
    except FileNotFoundError:
        return None


def map_of(found: Served, kind: str) -> maps.Map:
    """Return the shapes of a file, as it was approved.

    :raises .drawing.maps.NoMap: there are none that can be drawn.
    :raises .rendering.Busy: there was no time to look now.
    :raises FileNotFoundError: its bytes are not there.
    """
    # That there is no map is kept as well: reading in vain costs as much each time.
    name = kept.name_of("no map", found.version_id)
    said = kept.get(found, name)
    if said is not None:
        why = json.loads(said)
        raise maps.NoMap(Message(why["msgid"], why["params"]))
    try:
        with storage.open_file(str(found.sha256)) as stream:
            read = geographic_reading.read(stream.read(maps.MOST_BYTES + 1), kind)
        return maps.without(read, lambda name: variables.is_among(_personal(found), name))
    except maps.NoMap as problem:
        why = {"msgid": problem.why.msgid, "params": dict(problem.why.params)}
        kept.put(found, name, json.dumps(why).encode())
        raise


def _personal(found: Served) -> frozenset[str]:
    """Return what the dictionary calls personal: no picture and no file of shapes tells it."""
    return variables.personal_in(found.facts.dataset_id)


def as_geojson(found: Served) -> bytes:
    """Return the shapes of a file as GeoJSON, to whoever was admitted.

    :raises .drawing.maps.NoMap: it is no geographic file, or none that can be drawn.
    """
    kind = kind_of(found)
    if kind is None:
        raise maps.NoMap(Message(maps.NO_SHAPES))
    name = kept.name_of("geojson", found.version_id, sorted(_personal(found)))
    content = kept.get(found, name)
    if content is None:
        rates.admit("pictures")
        try:
            content = geographic_reading.as_geojson(map_of(found, kind))
        except FileNotFoundError:
            raise maps.NoMap(Message(maps.NO_SHAPES)) from None
        kept.put(found, name, content)
    return content
