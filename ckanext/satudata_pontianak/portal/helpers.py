"""Template helpers of the pages."""

from __future__ import annotations

from typing import Any


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this room by name."""
    return {}
