"""A site in processes of its own, on the database of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .. import serving


@pytest.fixture
def served(city: Any, pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Return host and port where gunicorn serves the city with two processes."""
    with serving.served(Path(pytestconfig.option.ckan_ini), tmp_path) as where:
        yield where
