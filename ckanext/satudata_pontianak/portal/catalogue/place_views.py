"""The pages around datasets as one blueprint: each module of this folder adds its own."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import flask

from . import __name__ as folder
from . import __path__ as path
from .places import blueprint


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint, when every module of the folder has added its pages."""
    for module in iter_modules(path):
        import_module(f"{folder}.{module.name}")
    return [blueprint]
