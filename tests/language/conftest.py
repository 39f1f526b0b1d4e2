"""The city of the access contract: a dataset in every state, and everybody who might ask."""

from __future__ import annotations

from ..access.conftest import world

__all__ = ["world"]
