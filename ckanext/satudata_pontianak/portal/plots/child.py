"""Draw one picture in a process of its own: ``python -m … FORMAT`` with a request on stdin.

The library runs JavaScript. Here it has no site around it, no secrets, and no network: data stand
in the specification, and addresses in it are refused.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any

from .drawing.letters import roomy

CPU_SECONDS = 30
NICENESS = 10
"""Whoever waits for a page comes before a picture."""
VERSION = "5.20"
SCALE = 2


def drawn(asked: Mapping[str, Any], format: str) -> bytes:
    """Return what a request asks for: the picture as ``svg`` or ``png``, or ``vega`` to draw it."""
    import vl_convert

    if format == "vega":
        spec = vl_convert.vegalite_to_vega(asked["spec"], vl_version=VERSION)
        times = asked["times"] if isinstance(asked["times"], dict) else None
        return json.dumps({"spec": spec, "numbers": asked["numbers"], "times": times}).encode()
    common = {
        "vl_version": VERSION,
        "allowed_base_urls": [],
        "format_locale": asked["numbers"],
        "time_format_locale": asked["times"],
    }
    if format == "png":
        return vl_convert.vegalite_to_png(asked["spec"], scale=SCALE, **common)
    return roomy(vl_convert.vegalite_to_svg(asked["spec"], **common), asked["spec"]).encode()


def main() -> None:
    """Read the request, write the picture."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.stdout.buffer.write(drawn(json.load(sys.stdin), sys.argv[1]))


if __name__ == "__main__":
    main()
