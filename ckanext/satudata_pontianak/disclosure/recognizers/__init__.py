"""The registry: one line for each kind."""

from __future__ import annotations

from typing import Any

from .base import Place, Recognizer, Tally
from .email import Email
from .nik import NIK
from .no_kk import NoKK
from .telepon import Telepon

RECOGNIZERS: dict[str, Recognizer[Any]] = {
    recognizer.kind: recognizer for recognizer in (NIK(), NoKK(), Email(), Telepon())
}

__all__ = ["RECOGNIZERS", "Place", "Recognizer", "Tally"]
