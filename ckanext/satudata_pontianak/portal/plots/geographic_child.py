"""Read one geographic file in a process of its own: ``python -m … KIND`` with its bytes on stdin.

Standard output gets GeoJSON, or an object with ``reason`` where there is no map. What takes more
than the limits ends the process.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from ...disclosure.child import restrain
from .child import NICENESS
from .drawing import geographic
from .drawing.maps import MOST_BYTES, NoMap


def answered(content: bytes, kind: str) -> dict[str, Any]:
    """Return the shapes of a file as GeoJSON has them, or why there are none."""
    try:
        return {"type": "FeatureCollection", "features": geographic.read(content, kind)}
    except NoMap as problem:
        return {"reason": problem.why.msgid, "params": problem.why.params}


def main() -> None:
    """Read the file, write what it holds."""
    os.nice(NICENESS)
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Nothing but the answer may reach the parent, whatever a library prints.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    restrain(geographic.LIMITS.to_dict())
    said = answered(sys.stdin.buffer.read(MOST_BYTES + 1), sys.argv[1])
    json.dump(said, output, allow_nan=False)
    output.close()


if __name__ == "__main__":
    main()
