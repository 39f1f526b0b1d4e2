"""The pages around datasets as one blueprint: each module adds its own."""

from __future__ import annotations

import flask

from . import calendar, guides, regions, topics
from .places import blueprint

MODULES = (topics, regions, calendar, guides)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint, when every module has added its pages."""
    return [blueprint]
