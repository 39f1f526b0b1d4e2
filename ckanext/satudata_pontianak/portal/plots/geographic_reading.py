"""From a geographic file of any format to the shapes of a map; foreign formats in a child process.

Pure: knows nothing of CKAN.
"""

from __future__ import annotations

import json
from typing import IO

from ...messages import Message
from .drawing import geographic, maps
from .rendering import Busy, NotDrawn, in_child


def kind_of(name: str, stream: IO[bytes]) -> str | None:
    """Return how a stored file is read, as :func:`.drawing.geographic.kind_of`."""
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - geographic.TAIL))
    return geographic.kind_of(name, stream.read(geographic.TAIL))


def read(content: bytes, kind: str) -> maps.Map:
    """Return the shapes of a file.

    :param kind: one of :mod:`.drawing.geographic`.
    :raises .drawing.maps.NoMap: there are none that can be drawn.
    :raises .rendering.Busy: there was no time to look now.
    """
    if kind == geographic.GEOJSON or len(content) > maps.MOST_BYTES:
        return maps.read(content)
    try:
        answer = in_child("geographic_child", kind, content)
        said = json.loads(answer)
    except Busy:
        raise
    except (NotDrawn, ValueError):
        raise maps.NoMap(Message(geographic.BROKEN)) from None
    if "reason" in said:
        raise maps.NoMap(Message(said["reason"], said["params"]))
    return maps.read(answer)


def as_geojson(map: maps.Map) -> bytes:
    """Return shapes as a GeoJSON file (RFC 7946)."""
    said = {"type": "FeatureCollection", "features": list(map.features)}
    return json.dumps(said, ensure_ascii=False).encode()
