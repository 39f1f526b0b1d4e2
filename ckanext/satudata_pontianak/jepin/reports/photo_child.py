"""The other side of a photo: draw a stranger's picture anew, under limits, in a process of its own.

Standard input has one line of JSON with the bounds, then the bytes. Standard output gets a JPEG
that holds pixels and nothing else: no place, no camera, no thumbnail, no comment. What cannot be
drawn ends the process. Run as ``python -m ckanext.satudata_pontianak.jepin.reports.photo_child``.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

from ...disclosure.child import restrain

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 80


def drawn(content: bytes, bounds: dict[str, Any]) -> bytes:
    """Return a picture as a JPEG of its pixels, turned as it was taken, not larger than bounded.

    :raises ValueError: it has more pixels, or several pictures.
    :raises OSError: it is no picture of these formats.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = int(bounds["pixels"])
    with Image.open(io.BytesIO(content), formats=FORMATS) as found:
        # Told by the heading: nothing is unpacked for a picture that is too large.
        if found.width * found.height > int(bounds["pixels"]):
            raise ValueError("pixels")
        turned = ImageOps.exif_transpose(found).convert("RGB")
        turned.thumbnail((int(bounds["side"]), int(bounds["side"])))
        bare = Image.new("RGB", turned.size)
        bare.paste(turned)
    made = io.BytesIO()
    bare.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def main() -> None:
    """Draw one picture."""
    bounds = json.loads(sys.stdin.buffer.readline())
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    restrain(bounds["limits"])
    output.write(drawn(sys.stdin.buffer.read(int(bounds["bytes"]) + 1), bounds))
    output.close()


if __name__ == "__main__":
    main()
