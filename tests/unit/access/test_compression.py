"""Which encoding a reader takes, and that what was packed is the same."""

from __future__ import annotations

import gzip

import brotli
import pytest

from ckanext.satudata_pontianak.access.page_cache import compression


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5, BR;q=0", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("deflate", "identity"),
        ("gzip;q=much", "identity"),
    ],
)
def test_the_encoding_is_one_that_the_reader_takes(accepted: str, expected: str) -> None:
    assert compression.chosen(accepted) == expected


def test_what_was_packed_is_the_same() -> None:
    body = b"Kota Pontianak " * 500
    assert gzip.decompress(compression.pack(body, "gzip")) == body
    assert brotli.decompress(compression.pack(body, "br")) == body
    assert compression.pack(body, "identity") == body
    assert gzip.decompress(compression.pack(body, "gzip", once=True)) == body
    assert brotli.decompress(compression.pack(body, "br", once=True)) == body


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text/html; charset=utf-8", True),
        ("application/json;charset=utf-8", True),
        ("text/csv", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("font/woff2", False),
        ("application/zip", False),
        ("", False),
    ],
)
def test_only_text_is_packed(kind: str, expected: bool) -> None:
    assert compression.is_text(kind) is expected
