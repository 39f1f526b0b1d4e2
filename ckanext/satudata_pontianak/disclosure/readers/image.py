"""Pictures: their metadata are read, where and by whom they were taken; the rest needs a person.

No pixel is decoded, so that no picture is a bomb here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from PIL import ExifTags, Image, UnidentifiedImageError

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Heading, Incomplete, ReadError, Source, texts

_FORMATS = ("JPEG", "PNG", "TIFF", "GIF", "WEBP")
_LARGEST = 256 * MEGABYTE
_SHORTEST = 4
_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r"[\"']([^\"'<>]{5,})[\"']")
_NESTED = (ExifTags.IFD.Exif, ExifTags.IFD.Interop)


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read a picture's metadata; whatever they say, a person has to look at it."""
    yield from metadata(source.bytes(_LARGEST), "@metadata")
    yield Incomplete(Reason("no_text"))


def metadata(data: bytes, table: str) -> Iterator[Batch]:
    """Yield the texts of EXIF, XMP and comments, and the place where a photo was taken.

    :raises ReadError: ``broken_file``.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            found = [*_texts(image.info), *_exif(image)]
            place = _place(image)
        if image.format == "PNG":
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                image.verify()
                found += _texts(image.info)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, TypeError):
        raise ReadError("broken_file", detail="image") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ReadError("compression_bomb") from None
    if found:
        yield texts(table, list(dict.fromkeys(found)))
    if place is not None:
        names = ("latitude", "longitude")
        yield Batch(
            f"{table} GPS",
            {i: pl.Series([f"{v:.6f}"], dtype=pl.String) for i, v in enumerate(place)},
            1,
            tuple(Heading(name, name) for name in names),
        )


def _texts(info: Mapping[Any, Any]) -> list[str]:
    """Return every text of a picture's chunks; those in markup without the markup."""
    found: list[str] = []
    for key, value in info.items():
        if key in ("exif", "icc_profile", "transparency", "dpi", "gamma"):
            continue
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        pieces = [text]
        if "<" in text:
            pieces = [*_TAG.split(text), *_ATTRIBUTE.findall(text)]
        found += [t for piece in pieces for t in _lines(piece)]
    return found


def _lines(text: str) -> list[str]:
    return [t for line in text.split("\n") if len(t := line.strip("\x00 \t\r")) > _SHORTEST]


def _exif(image: Image.Image) -> list[str]:
    exif = image.getexif()
    values = [*exif.values(), *(v for ifd in _NESTED for v in exif.get_ifd(ifd).values())]
    found = []
    for value in values:
        if isinstance(value, bytes):
            # UserComment begins with its code; Windows' own tags are UTF-16.
            wide = value.count(0) > len(value) // 3
            found += _lines(value.decode("utf-16-le" if wide else "utf-8", "ignore"))
            found += _lines(value[8:].decode("utf-8", "ignore"))
        elif isinstance(value, str):
            found += _lines(value)
    return found


def _place(image: Image.Image) -> tuple[float, float] | None:
    gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    degrees = []
    for value, side in ((2, 1), (4, 3)):
        parts = gps.get(value)
        if not parts or len(parts) != 3:
            return None
        number = sum(float(p) / 60**i for i, p in enumerate(parts))
        degrees.append(-number if str(gps.get(side, "")).upper() in ("S", "W") else number)
    return degrees[0], degrees[1]
