"""Pages of the workflow."""

from __future__ import annotations

import flask


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this room."""
    return []
