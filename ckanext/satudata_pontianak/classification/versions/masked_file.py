"""A file that this site made by masking, on its way through the ordinary door."""

from __future__ import annotations

from typing import IO, Any

from werkzeug.datastructures import FileStorage


class MaskedFile(FileStorage):
    """An upload with the risk report that its version keeps."""

    def __init__(self, stream: IO[bytes], filename: str, masked: dict[str, Any]) -> None:
        super().__init__(stream, filename=filename)
        self.masked = masked
