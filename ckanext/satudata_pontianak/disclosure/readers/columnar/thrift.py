"""Structures in the compact protocol of Apache Thrift, as Parquet writes them, without a schema.

Source: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from typing import Any

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_INTEGERS = (4, 5, 6)
_DEEPEST = 30


class Malformed(Exception):
    """The bytes are no such structure."""


class Structures:
    """Reads one structure after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._data)

    def struct(self, deep: int = 0) -> dict[int, Any]:
        """Return the fields of a structure by number; binaries are bytes, sets are lists.

        :raises Malformed: it ends too early, or is nested beyond reason.
        """
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            kind, delta = head & 0x0F, head >> 4
            number = number + delta if delta else self._zigzag()
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, deep)
        return fields

    def _value(self, kind: int, deep: int) -> Any:
        if deep > _DEEPEST:
            raise Malformed
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if kind in _INTEGERS:
            return self._zigzag()
        if kind == _DOUBLE:
            return self._take(8)
        if kind == _BINARY:
            return self._take(self._varint())
        if kind in (_LIST, _SET):
            head = self._byte()
            size = head >> 4 if head >> 4 != 15 else self._varint()
            return [self._value(head & 0x0F, deep + 1) for _ in range(self._fits(size))]
        if kind == _MAP:
            size = self._fits(self._varint())
            kinds = self._byte() if size else 0
            return [
                (self._value(kinds >> 4, deep + 1), self._value(kinds & 0x0F, deep + 1))
                for _ in range(size)
            ]
        if kind == _STRUCT:
            return self.struct(deep + 1)
        raise Malformed

    def _fits(self, size: int) -> int:
        """Return a number of items, each of which takes a byte at least."""
        if size > len(self._data) - self._at:
            raise Malformed
        return size

    def _take(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + self._fits(size)]
        self._at += size
        return piece

    def _byte(self) -> int:
        return self._take(1)[0]

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
            if shift > 63:
                raise Malformed

    def _zigzag(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)
