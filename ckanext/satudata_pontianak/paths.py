"""Where the files that come with the package stand."""

from __future__ import annotations

import importlib.resources
from pathlib import Path


def schemas() -> Path:
    """Return the folder of the YAML definitions, in a wheel and in an editable install."""
    return Path(str(importlib.resources.files("ckanext.satudata_pontianak.schemas")))


def translations() -> Path:
    """Return the folder of the message catalogues."""
    return Path(str(importlib.resources.files("ckanext.satudata_pontianak.i18n")))
