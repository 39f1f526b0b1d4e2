"""Structures of Thrift: what they say, and that strange bytes end in one kind of error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.readers.columnar.thrift import Malformed, Structures


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"\x00", {}),
        (b"\x15\x06\x00", {1: 3}),
        (b"\x16\x05\x00", {1: -3}),
        (b"\x18\x03abc\x12\x11\x00", {1: b"abc", 2: False, 3: True}),
        (b"\x29\x25\x02\x04\x00", {2: [1, 2]}),
        (b"\x1c\x15\x02\x00\x00", {1: {1: 1}}),
        (b"\x1b\x01\x58\x02\x01a\x00", {1: [(1, b"a")]}),
        (b"\x1b\x00\x00", {1: []}),
        (b"\x05\x28\x02\x00", {20: 1}),
    ],
)
def test_a_structure(data: bytes, fields: dict) -> None:
    read = Structures(data)
    assert read.struct() == fields
    assert read.ended


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x15",
        b"\x18\x7fabc\x00",
        b"\x19\xf8\xff\xff\xff\x0f",
        b"\x1c" * 5_000,
        b"\x1b\x01\xbb" * 5_000,
        b"\x15" + b"\xff" * 20,
        b"\x1e\x00",
    ],
)
def test_what_is_none(data: bytes) -> None:
    with pytest.raises(Malformed):
        Structures(data).struct()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_structure_or_none(data: bytes) -> None:
    try:
        fields = Structures(data).struct()
    except Malformed:
        return
    # What stands behind a structure changes nothing of it.
    assert Structures(data + b"\xff").struct() == fields
