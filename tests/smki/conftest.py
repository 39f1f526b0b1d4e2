"""The site that controls look at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..city import City
from .site import Site


@pytest.fixture
def site(
    city: City, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Site]:
    """Return the site of the city, which a pair may change."""
    with contextlib.ExitStack() as kept:
        yield Site(city, ckan_config, monkeypatch, tmp_path, kept)
