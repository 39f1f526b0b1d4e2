"""A table that this site made of a workbook, on its way through the ordinary door."""

from __future__ import annotations

from typing import IO, Any

from werkzeug.datastructures import FileStorage


class TidiedFile(FileStorage):
    """An upload with the recipe that its version keeps, and the hash of what it was made of."""

    def __init__(self, stream: IO[bytes], filename: str, tidied: dict[str, Any]) -> None:
        super().__init__(stream, filename=filename)
        self.tidied = tidied
